/** The forms in which contacts are kept and compared. */

export function emailForm(email: string): string {
  return email.trim().toLowerCase();
}

/** Digits with an optional leading +, or null when nothing was written. */
export function mobileForm(mobile: string | null | undefined): string | null {
  return mobile?.replaceAll(/[^+0-9]/g, '') || null;
}
