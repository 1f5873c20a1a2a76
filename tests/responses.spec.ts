import { declare } from './test.ts';

declare('responses');
