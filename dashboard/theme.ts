/**
 * Runs as a classic script before anything is painted: sets the colours, and hands the nonce of the content policy to style elements,
 * which libraries create without one.
 */
{
  const chosen = localStorage.getItem('storeflow.theme') ?? 'auto';
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const isWall = new URLSearchParams(location.search).get('wall') === '1';
  const isDark = isWall || chosen === 'dark' || (chosen === 'auto' && prefersDark);
  document.documentElement.classList.toggle('dark', isDark);
  document.documentElement.classList.toggle('wall', isWall);

  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  const createElement = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = createElement(name, options);
    if (element instanceof HTMLStyleElement && nonce) element.nonce = nonce;
    return element;
  };
}
