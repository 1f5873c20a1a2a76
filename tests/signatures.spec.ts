import { declare } from './test.ts';

declare('signatures');
