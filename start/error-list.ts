import { errorTable } from '#app/errors.ts';
import { route } from '#app/route.ts';

/** Where the `type` of a problem document leads: what each code means and what to do. */
export const errorListRoutes = [
  route({
    method: 'GET',
    path: '/errors',
    audience: 'anyone',
    ability: 'public.see',
    summary: 'Every error code with its meaning',
    handle: ({ reply }) => reply.type('text/html; charset=utf-8').send(PAGE),
  }),
];

const rows = Object.entries(errorTable).map(
  ([code, { status, title, help }]) =>
    `<tr id="${code}"><th scope="row"><code>${code}</code></th><td>${status}</td><td>${title}. ${help}</td></tr>`,
);

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>StoreFlow errors</title>
<h1>Errors</h1>
<p>Problem documents name one of these codes.</p>
<table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>
</html>`;
