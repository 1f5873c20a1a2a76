import { declare } from './test.ts';

declare('scopes');
