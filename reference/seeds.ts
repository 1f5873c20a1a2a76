import type { Store } from './store.ts';

const SEEDS = [
  ['0d3f6c1e-52c0-4f5e-8a55-6a8f5f0e1a01', 'PERSONAL', 'ACTIVE', '2024-02-01T08:00:00.000Z'],
  ['1b7a2d94-0e6a-4b0f-9d7c-2f64c6b3aa02', 'LEGAL_ENTITY', 'ACTIVE', '2024-02-02T09:30:00.000Z'],
  ['2c9e4f38-7b1d-4c3e-8f2a-91d0b7e5bb03', 'PERSONAL', 'CLOSED', '2024-03-10T10:00:00.000Z'],
  ['3e5d8a72-9c4f-4d2b-a6e1-53c8f1d9cc04', 'PERSONAL', 'LOCKED', '2024-03-10T10:00:00.000Z'],
  ['4f6b1c83-ad5e-4e7a-b3f2-74d9e2c6dd05', 'LEGAL_ENTITY', 'CLOSING', '2024-05-21T11:45:00.500Z'],
  ['5a8c3e94-be6f-4f8b-84a3-85eaf3d7ee06', 'PERSONAL', 'PENDING_APPROVAL', '2024-08-01T00:00:00.000Z'],
  ['6b9d4fa5-cf70-4a9c-95b4-96fb04e8ff07', 'LEGAL_ENTITY', 'LOCKED', '2024-12-31T23:59:59.999Z'],
] as const;

/** A few groups of both types in every status, each with an owner of its own; two were created at the same instant. */
export function plantSeeds(store: Store): void {
  for (const [id, type, status, created] of SEEDS) store.seed(id, id.replace(/^.{8}/, 'aaaaaaaa'), type, status, Date.parse(created));
}
