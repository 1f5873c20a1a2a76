import { test } from '@playwright/test';

test('asks nothing', () => {});
