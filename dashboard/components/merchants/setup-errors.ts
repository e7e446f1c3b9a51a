/** What the setup asks for, by the names that the server gives the fields. */
export interface SetupFields {
  merchant_name: string;
  store_name: string;
  slug: string;
  currency: string;
  country: string;
  timezone: string;
  owner_name: string;
  email: string;
  password: string;
}

const REQUIRED: Readonly<Partial<Record<keyof SetupFields, string>>> = {
  merchant_name: 'Enter the name of your business.',
  store_name: 'Enter the name that customers see.',
  currency: 'Choose the currency of your prices.',
  country: 'Choose the country that the store is in.',
  timezone: 'Choose the time zone that the store lives by.',
  owner_name: 'Enter your name.',
};

/** What is missing or cannot be right, by field, so that nothing has to be sent to find out. */
export function setupErrors(fields: SetupFields): Partial<Record<keyof SetupFields, string>> {
  const missing = Object.entries(REQUIRED).filter(([name]) => !fields[name as keyof SetupFields].trim());
  return {
    ...Object.fromEntries(missing),
    ...(!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(fields.slug) && {
      slug: 'Use small letters and digits, with single hyphens between them.',
    }),
    ...(!/^\S+@\S+\.\S+$/.test(fields.email) && { email: 'Enter an e-mail address like name@example.com.' }),
  };
}
