import { declare } from './test.ts';

declare('listing');
