import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why there is no browser here; `false` where there is one. */
export const noBrowser = existsSync(PATH)
  ? false
  : `there is no browser at ${PATH}: apt-get install chromium, or say where with CHROMIUM`;

/** Starts the browser; to be closed by whoever asks. */
export const startBrowser = () => chromium.launch({ executablePath: PATH, args: ['--no-sandbox'] });
