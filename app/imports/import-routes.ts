import { Type } from 'typebox';
import { sendCsv } from '#core/http/csv.ts';
import type { Route } from '#core/http/route.ts';
import { uploadedFile } from '#core/http/upload.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { IMPORT_FILE_MAX_BYTES, type ImportRunner } from './import-runner.ts';
import { ProductImportListSchema, ProductImportSchema } from './import-view.ts';
import { importById, importRunning, importSummary, projectImport, recentImports } from './product-imports.ts';

const MINUTE_MS = 60_000;
const UPLOADS_PER_MINUTE_MAX = 10;

const ImportParams = Type.Object({ id: Type.String() });
const limit = { max: UPLOADS_PER_MINUTE_MAX, windowMs: MINUTE_MS };

export function importRoutes(imports: ImportRunner): Route[] {
  return [...routesThatStart(imports), ...routesThatTell(imports)];
}

function routesThatStart(imports: ImportRunner): Route[] {
  return [
    route({
      method: 'POST',
      path: '/dashboard/product-imports',
      audience: 'staff',
      ability: 'products.manage',
      summary:
        'Takes a Shopify product CSV (a form’s file, or the body as text/csv) and imports it after the answer',
      query: Type.Object({ dry_run: Type.Boolean({ default: false }) }),
      receivesFile: ['text/csv'],
      answers: { 202: ProductImportSchema },
      errors: ['CATALOGUE_FILE_INVALID', 'IMPORT_RUNNING'],
      limit,
      handle: async ({ db, actor, query, request, reply }) => {
        const file = await uploadedFile(request, IMPORT_FILE_MAX_BYTES);
        if (!file)
          throw refusal('UNSUPPORTED_MEDIA_TYPE', 'Expected a file as text/csv or multipart/form-data.');
        const upload = {
          content: file.content,
          fileName: file.name || 'products.csv',
          dryRun: query.dry_run,
        };
        const row = await imports.begin(db, upload, { actor, requestId: request.id });
        return reply.status(202).send(projectImport(row));
      },
    }),
    route({
      method: 'POST',
      path: '/dashboard/product-imports/:id/runs',
      audience: 'staff',
      ability: 'products.manage',
      summary: 'Runs an import that has ended once more, from the first line',
      params: ImportParams,
      answers: { 202: ProductImportSchema },
      errors: ['IMPORT_NOT_FOUND', 'IMPORT_RUNNING'],
      limit,
      handle: async ({ db, actor, params, request, reply }) => {
        const row = await imports.beginAgain(db, params.id, { actor, requestId: request.id });
        return reply.status(202).send(projectImport(row));
      },
    }),
  ];
}

function routesThatTell(imports: ImportRunner): Route[] {
  return [
    route({
      method: 'GET',
      path: '/dashboard/product-imports.json',
      audience: 'staff',
      ability: 'products.manage',
      summary: 'The store’s last imports, newest first',
      answers: { 200: ProductImportListSchema },
      handle: async ({ db }) => ({
        data: (await db.read(recentImports)).map(importSummary),
        next_cursor: null,
      }),
    }),
    route({
      method: 'GET',
      path: '/dashboard/product-imports/:id.json',
      audience: 'staff',
      ability: 'products.manage',
      summary: 'How far an import has come, or what became of it, with every bad line',
      params: ImportParams,
      answers: { 200: ProductImportSchema },
      errors: ['IMPORT_NOT_FOUND'],
      handle: async ({ db, params }) => projectImport(await db.read((tx) => importById(tx, params.id))),
    }),
    route({
      method: 'GET',
      path: '/dashboard/product-imports/:id/failed-rows.csv',
      audience: 'staff',
      ability: 'products.manage',
      summary: 'The rows that an import left out, to be put right and imported again',
      params: ImportParams,
      answers: { 200: Type.String() },
      errors: ['IMPORT_NOT_FOUND', 'IMPORT_RUNNING'],
      handle: async ({ db, params, reply }) => {
        const row = await db.read((tx) => importById(tx, params.id));
        if (row.state === 'running') throw importRunning();
        return sendCsv(reply, 'failed-rows.csv', await imports.failedRows(row));
      },
    }),
  ];
}
