import { declare } from './fixtures/playwright.ts';

declare('tokens');
