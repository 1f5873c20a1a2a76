import { declare } from './test.ts';

declare('lifecycle');
