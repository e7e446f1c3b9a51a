import { describe, expect, it } from 'vitest';
import { sanitizeDescription } from '#app/catalog/sanitize-description.ts';

describe('a description', () => {
  it.each([
    [
      'keeps paragraphs, lists and headings',
      '<h2>Fit</h2><p>Warm<br>dry</p><ul><li>Wool</li></ul>',
      '<h2>Fit</h2><p>Warm<br />dry</p><ul><li>Wool</li></ul>',
    ],
    [
      'keeps links that lead outside, and gives them no credit',
      '<a href="https://a.example/?b=1" target="_blank">a</a>',
      '<a href="https://a.example/?b=1" rel="nofollow">a</a>',
    ],
    [
      'loses addresses that run code or stay inside',
      '<a href="javascript:alert(1)">a</a><a href="/cart">b</a>',
      '<a>a</a><a>b</a>',
    ],
    [
      'loses scripts and styles with what is in them',
      '<p>a<script>alert(1)</script><style>p{}</style></p>',
      '<p>a</p>',
    ],
    ['loses handlers, styles and classes', '<p onclick="x()" style="color:red" class="a">a</p>', '<p>a</p>'],
    [
      'loses pictures and frames',
      '<p>a<img src=x onerror=alert(1)><iframe src="//b"></iframe></p>',
      '<p>a</p>',
    ],
    ['loses paragraphs that say nothing', '<p>a</p><p>&nbsp;</p><p><span></span></p>', '<p>a</p>'],
    ['keeps the words of blocks that are dropped apart', '<div>One</div><div>two</div>', 'One two'],
    ['has one way to stress', '<b>a</b><i>b</i>', '<strong>a</strong><em>b</em>'],
    ['stays text when it was text', 'Salt & pepper < sugar', 'Salt &amp; pepper &lt; sugar'],
  ])('%s', (_behaviour, html, expected) => {
    expect(sanitizeDescription(html)).toBe(expected);
  });

  it('is the same when it is cleaned again', () => {
    const once = sanitizeDescription('<p>a &amp; <a href="mailto:a@b.example">b</a></p>');

    expect(sanitizeDescription(once)).toBe(once);
  });
});
