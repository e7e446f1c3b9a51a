/** For `.catch` after reading a file that may be absent: undefined then; every other trouble is thrown on. */
export function ignoreAbsence(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
