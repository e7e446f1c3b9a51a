import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { chromium, type BrowserServer } from 'playwright-core';

/** Names under which systems install Chromium. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Root's Chromium has no sandbox, and none of them may call home. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
];
/** Any name of a runtime on that system makes the package bring its libraries along. */
const PACKAGE_RUNTIME = 'nodejs24.x';
const PACKAGE_VARIABLES = ['AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME'] as const;

/** One browser for a whole run, started when somebody first asks for its address at `url`. */
export interface BrowserOnDemand {
  readonly url: string;
  close(): Promise<void>;
}

export async function browserOnDemand(): Promise<BrowserOnDemand> {
  let browser: Promise<BrowserServer> | undefined;
  const door = createServer(async (_request, response) => {
    browser ??= launch();
    await browser.then(
      (running) => response.end(running.wsEndpoint()),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    close: async () => {
      door.close();
      await (await browser?.catch(() => undefined))?.close();
    },
  };
}

async function launch(): Promise<BrowserServer> {
  const installed = installedChromium();
  const { executablePath, env } = installed
    ? { executablePath: installed, env: process.env }
    : await packagedChromium();
  return chromium.launchServer({ executablePath, env: definedIn(env), args: ARGS });
}

/** The one that `CHROMIUM` names, or the first on the path. */
function installedChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) return CHROMIUM;
  const folders = [...PATH.split(delimiter), '/usr/bin'];
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
}

/** Unpacks the browser of the package, and tells with which environment it runs; ours stays as it was. */
async function packagedChromium(): Promise<{ executablePath: string; env: NodeJS.ProcessEnv }> {
  const before = PACKAGE_VARIABLES.map((name) => [name, process.env[name]] as const);
  process.env['AWS_LAMBDA_JS_RUNTIME'] = PACKAGE_RUNTIME;
  try {
    // Imported late: it looks at the variable when it is loaded.
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    return { executablePath, env: { ...process.env } };
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

function definedIn(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
