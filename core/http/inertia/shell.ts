import type { PageAssets } from './manifest.ts';

interface Shell {
  /** The page object as the client wants it. */
  readonly page: object;
  readonly assets: PageAssets;
  readonly assetsBase: string;
  readonly title: string;
  /** Allows styles only; the script before the first paint hands it to every style element that the page creates. */
  readonly styleNonce: string;
}

/** The HTML document of a first visit. Its only inline script is data, which needs no permission of the content policy. */
export function shell({ page, assets, assetsBase, title, styleNonce }: Shell): string {
  const nonce = escapeHtml(styleNonce);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="csp-nonce" property="csp-nonce" content="${nonce}" nonce="${nonce}">
<script src="${assets.before}"></script>
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${assetsBase}favicon.svg" type="image/svg+xml">
${assets.styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
${assets.preloads.map((href) => `<link rel="modulepreload" href="${href}">`).join('\n')}
<script type="module" src="${assets.script}"></script>
</head>
<body>
<script data-page="app" type="application/json">${escapeJson(page)}</script>
<div id="app" class="isolate"></div>
</body>
</html>
`;
}

/** JSON that cannot end the script element it stands in; entities would not be decoded there. */
function escapeJson(value: object): string {
  return JSON.stringify(value)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('/', String.raw`\/`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
