import { declare } from './test.ts';

declare('tokens');
