import { dim, DUSK, lit, mix } from './colour.ts';
import {
  along,
  ballLight,
  blend,
  CORNER,
  crustLight,
  flatLight,
  inside,
  shade,
  soft,
  standing,
} from './light.ts';
import { blob, dots, framed, line, placed, shape } from './shapes.ts';
import type { Drawing, Ink } from './sheet.ts';

/** Banana bread, two slices cut: `colour` is the crust, `accent` the crumb. */
export const bananaBread: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const loaf =
    'M228 352C226 300 262 276 304 270L544 232C600 226 634 254 638 300L640 410Q640 424 626 428L352 486Z';
  const crust = along(
    sheet,
    [0.3, 0, 0.5, 1],
    [
      [0, lit(colour, 0.34)],
      [0.3, colour],
      [0.55, dim(colour, 0.24)],
      [1, dim(colour, 0.5)],
    ],
  );
  const crack =
    soft(sheet, 4, line('M300 292Q420 250 590 262', dim(colour, 0.5), 18, 0.55)) +
    soft(sheet, 3, line('M304 284Q420 242 586 254', lit(accent, 0.3), 9, 0.8));
  return framed(
    1.05,
    450,
    standing(sheet, 420, 468, 210) +
      shape(loaf, crust) +
      inside(sheet, loaf, crack + shade(sheet, 'M360 500L650 440', 40)) +
      slice(ink) +
      soft(sheet, 8, shape(SLICE, DUSK, 'opacity=".4" transform="translate(-52 16)"')) +
      placed(-76, 16, 0, slice(ink)),
  );
};

const SLICE =
  'M228 466V356C224 306 250 284 292 284C336 284 358 306 354 352V486Q354 494 344 494L240 478Q228 476 228 466Z';

function slice({ sheet, colour, accent }: Ink): string {
  const crumb = blend(sheet, CORNER, lit(accent, 0.42), accent, dim(accent, 0.18));
  const large = [
    [262, 330],
    [300, 316],
    [326, 350],
    [270, 380],
    [310, 398],
    [284, 430],
    [330, 440],
    [256, 446],
    [296, 356],
    [318, 470],
  ] as const;
  const small = [
    [276, 352],
    [312, 378],
    [266, 412],
    [326, 412],
    [304, 446],
  ] as const;
  return (
    shape(SLICE, dim(colour, 0.2), 'transform="translate(18 -4)"') +
    shape(SLICE, crumb, `stroke="${colour}" stroke-width="9" stroke-linejoin="round"`) +
    dots(large, dim(accent, 0.42), 8, 0.6) +
    dots(small, dim(accent, 0.7), 5, 0.6)
  );
}

/** A sourdough, floured in its basket and cut three times: `colour` is the crust, `accent` the flour. */
export const sourdough: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const loaf = blob([
    [178, 412],
    [190, 346],
    [250, 284],
    [340, 248],
    [440, 246],
    [534, 282],
    [592, 344],
    [604, 412],
    [566, 458],
    [480, 476],
    [300, 476],
    [214, 458],
  ]);
  const rings =
    'M196 372C280 300 500 296 592 366M186 410C280 336 500 332 600 404M196 446C290 380 500 378 594 440' +
    'M222 332C300 272 480 264 566 328M262 292C330 252 450 246 530 288';
  return framed(
    1.12,
    458,
    standing(sheet, 390, 464, 208) +
      shape(loaf, ballLight(sheet, colour, 0.24)) +
      inside(
        sheet,
        loaf,
        soft(sheet, 3, line(rings, accent, 9, 0.5)) + shade(sheet, 'M200 496Q400 516 610 470', 44, 0.6),
      ) +
      cut(ink, 280, 356, 0.86) +
      cut(ink, 388, 346, 0.98) +
      cut(ink, 498, 356, 0.86),
  );
};

/** Where the blade went in and the crumb came out. */
function cut({ sheet, colour }: Ink, x: number, y: number, size: number): string {
  const crumb = blend(sheet, CORNER, mix(colour, '#fbe7c0', 0.9), mix(colour, '#dba968', 0.6));
  return (
    `<g transform="translate(${x} ${y}) scale(${size}) rotate(14)">` +
    shape('M-8-96C40-70 60 20 30 96C-14 70-44-40-8-96Z', dim(colour, 0.55)) +
    shape('M-2-88C38-60 52 20 27 86C-4 60-28-40-2-88Z', crumb) +
    line('M4-60Q30-10 22 56M14-40Q34 0 26 40', dim(colour, 0.1), 4, 0.5) +
    line('M-8-96C-44-40-14 70 30 96', lit(colour, 0.35), 7) +
    '</g>'
  );
}

/** A filled baguette: `colour` is the crust, `accent` the filling. */
export const baguette: Drawing = ({ sheet, colour, accent }) => {
  const lower =
    'M128 420Q118 404 150 402H640Q672 404 664 424C654 462 620 474 560 476H230C170 474 138 458 128 420Z';
  const upper =
    'M132 384C120 336 170 300 250 290C350 276 470 276 556 290C630 302 676 338 662 384Q656 398 630 398H164Q140 398 132 384Z';
  const lettuce =
    'M130 398C146 384 650 382 664 400C672 414 646 412 640 424C630 436 612 414 598 422C584 434 566 440 554 424' +
    'C540 412 524 438 508 432C494 424 480 414 466 428C450 442 434 432 424 422C408 414 394 438 376 434C360 428 350 412 334 426' +
    'C318 440 300 432 288 422C274 414 262 440 244 432C230 424 220 416 204 426C186 436 176 414 160 420C140 424 122 412 130 398Z';
  const cuts = [210, 306, 402, 498].map(
    (x) => `M${x} 350C${x + 20} 316 ${x + 52} 298 ${x + 96} 292C${x + 78} 322 ${x + 50} 344 ${x} 350Z`,
  );
  const tomatoes = [188, 292, 400, 508, 604].map((x) => `M${x - 44} 396Q${x} 372 ${x + 44} 396`);
  const meat = 'M150 386Q200 366 250 384T352 382T456 384T556 380T650 388';
  return framed(
    1,
    440,
    standing(sheet, 400, 462, 230) +
      shape(lower, crustLight(sheet, colour)) +
      shape('M132 412Q132 400 156 400H636Q662 400 660 412Q400 430 132 412Z', '#f0d9ab') +
      soft(sheet, 5, shape(lettuce, DUSK, 'opacity=".4" transform="translate(3 9)"')) +
      shape(lettuce, blend(sheet, [0, 0, 0.4, 1], '#c5dc8e', '#8db65c', '#4f8244')) +
      line(tomatoes.join(''), '#c9523d', 20) +
      line(meat, dim(accent, 0.14), 26) +
      line(meat, lit(accent, 0.2), 16) +
      shape(upper, crustLight(sheet, colour), 'transform="translate(0 -10)"') +
      placed(
        0,
        -10,
        0,
        inside(
          sheet,
          upper,
          shape(cuts.join(''), flatLight(sheet, '#f1d49a')) +
            line(cuts.join(''), dim(colour, 0.24), 4, 0.5) +
            shade(sheet, 'M140 398H660', 14),
        ),
      ) +
      soft(sheet, 8, line('M166 338C206 302 330 286 480 286', '#fffaf0', 13, 0.5)),
  );
};
