/** Text that attacks whoever displays it: HTML, terminals, CI servers, Markdown. */
export const HOSTILE = [
  '<script>globalThis.obeyed = 1</script>',
  '</script><img src=x onerror="globalThis.obeyed = 2">',
  '</style></pre></textarea></title></details><h1>conformant</h1>',
  '"><svg onload=globalThis.obeyed=3>',
  "' onmouseover='globalThis.obeyed = 4",
  '<!-- --!><a href="javascript:globalThis.obeyed=5">x</a>',
  ']]><failure>]]&gt;<![CDATA[',
  '\u001b[2J\u001b[31mred\u001b]8;;http://evil.test\u0007link\u001b]8;;\u0007',
  '\u009b31m\u0085',
  '\u202egnp.exe\u2066\u200b\u2028\u2029\ufeff\uffff',
  'nul\u0000 bell\u0007 back\u0008\rcarriage',
  '::error title=x::y\n::set-output name=a::b\r\n  ::add-mask::c ##[error]d ##vso[task.complete]e',
  '| table | [link](http://evil.test) ![img](http://evil.test/x.png) @everyone `code`',
  '\ud800 lone',
  '&lt;b&gt; &amp;',
].join(' ');

/** Lines that a CI server would execute as commands. */
export const COMMAND = /^\s*::|##\w*\[/m;
