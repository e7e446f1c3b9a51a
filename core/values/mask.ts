const MASK = '•••';
const DIGITS_SHOWN = 3;

/** An e-mail address that its owner recognises and nobody else can use: `r•••@example.com`. */
export function maskEmail(email: string): string {
  return email.replace(/^(.?).*(@[^@]*)$/su, `$1${MASK}$2`);
}

/** A telephone number by its last digits: `••• 123`. */
export function maskPhone(phone: string): string {
  return `${MASK} ${phone.slice(-DIGITS_SHOWN)}`;
}
