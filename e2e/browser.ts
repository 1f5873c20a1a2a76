import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why tests with a browser are skipped; `false` if there is a browser. */
export const noBrowser = existsSync(PATH)
  ? false
  : `there is no browser at ${PATH}: apt-get install chromium, or say where with CHROMIUM`;

/** Starts the browser; the caller closes it. */
export const startBrowser = () => chromium.launch({ executablePath: PATH, args: ['--no-sandbox'] });
