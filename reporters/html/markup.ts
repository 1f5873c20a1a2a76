import { raw, html as template } from 'hono/html';
import { escapeInvisible } from '../../harness/escape-invisible.ts';

/** Markup that is safe to put into a page; only {@link html} makes it. */
export type Markup = Awaited<ReturnType<typeof template>>;

/** A template that escapes whatever is put into it, except for other markup. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  const made = template(strings, ...values.map(seen));
  if (made instanceof Promise) throw new TypeError('a page waits for nothing');
  return made;
}

/** Text of a style sheet that this project wrote itself. */
export const styleSheet = (css: string): Markup => html`<style>${raw(css)}</style>`;

/** A text has all its signs shown, whoever wrote it. */
function seen(value: unknown): unknown {
  if (typeof value === 'string') return escapeInvisible(value);
  return Array.isArray(value) ? value.map(seen) : value;
}
