/** The server asks for the same. */
const PASSWORD_LENGTH_MIN = 12;
/** Parts of a name shorter than this say nothing. */
const PART_LENGTH_MIN = 4;
const DIFFERENT_CHARACTERS_MIN = 6;

export interface PasswordRule {
  readonly words: string;
  readonly isKept: boolean;
}

/** What makes a password hard to guess, and which of it holds. `known` are words that anyone could try: names, the e-mail address. */
export function passwordRules(password: string, known: readonly string[]): PasswordRule[] {
  const guess = password.toLowerCase();
  const parts = known.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return [
    {
      words: `At least ${PASSWORD_LENGTH_MIN} characters`,
      isKept: [...password].length >= PASSWORD_LENGTH_MIN,
    },
    {
      words: `At least ${DIFFERENT_CHARACTERS_MIN} different ones`,
      isKept: new Set(password).size >= DIFFERENT_CHARACTERS_MIN,
    },
    {
      words: 'None of the names above in it',
      isKept:
        password !== '' && !parts.some((part) => part.length >= PART_LENGTH_MIN && guess.includes(part)),
    },
  ];
}
