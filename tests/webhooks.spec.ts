import { declare } from './test.ts';

declare('webhooks');
