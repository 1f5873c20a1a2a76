import { declare } from './test.ts';

declare('requests');
