import { dim, DUSK, LAMP, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { ACROSS, ASLANT, blend, cast, CORNER, flatLight, glow, inside, soft, standing } from './light.ts';
import { blob, disc, dots, framed, line, oval, placed, shape } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

function plate(sheet: Sheet, colour: Hex): string {
  return (
    standing(sheet, 395, 480, 214) +
    disc(395, 478, 232, dim(colour, 0.34)) +
    disc(395, 469, 234, blend(sheet, ASLANT, lit(colour, 0.5), colour, dim(colour, 0.22))) +
    disc(395, 472, 172, blend(sheet, CORNER, dim(colour, 0.2), dim(colour, 0.04), lit(colour, 0.4))) +
    disc(395, 475, 164, blend(sheet, ASLANT, lit(colour, 0.2), dim(colour, 0.12)))
  );
}

/** A toasted sandwich cut corner to corner: `colour` is the bread, `accent` the cheese. */
export const toastie: Drawing = (ink) => {
  const { sheet } = ink;
  return framed(
    1.1,
    462,
    plate(sheet, '#eee6d8') +
      soft(sheet, 8, shape('M222 452L630 452L612 482L250 486Z', DUSK, 'opacity=".5"')) +
      placed(26, 6, 0, half(ink)) +
      soft(sheet, 8, shape('M196 372L560 388L548 402L236 396Z', DUSK, 'opacity=".45"')) +
      `<g transform="translate(-30 -76) rotate(-5 400 400)">${half(ink)}</g>`,
  );
};

function half({ sheet, colour, accent }: Ink): string {
  const top = 'M206 384Q198 376 210 368L392 288Q402 284 412 290L590 372Q600 380 590 386Z';
  const cheese =
    'M200 410C240 404 280 412 330 410S430 404 480 412S570 408 600 412C602 424 580 426 574 428C566 452 548 450 546 430' +
    'C500 428 470 430 440 432C436 464 414 462 414 434C360 430 330 432 300 430C292 448 276 446 274 430L206 428Q198 420 200 410Z';
  const bread = blend(sheet, ACROSS, '#f7e7c6', '#eed6a8', '#c9a674');
  const grill = 'M268 350L346 384M316 328L446 384M364 306L540 382M420 298L580 368';
  return (
    shape('M204 378V446Q204 454 214 454H584Q594 454 594 444V378Z', bread) +
    line('M208 450H590', dim(colour, 0.2), 8) +
    shape('M200 398Q260 392 330 400T470 400T598 396V418H200Z', blend(sheet, ACROSS, '#eeb0a0', '#b8685c')) +
    shape(cheese, flatLight(sheet, accent)) +
    shape(top, flatLight(sheet, colour)) +
    inside(
      sheet,
      top,
      soft(sheet, 2, line(grill, dim(colour, 0.62), 12, 0.7)) +
        soft(sheet, 12, shape('M200 380L392 284L430 300L250 390Z', LAMP, 'opacity=".35"')),
    ) +
    line('M208 382H590', dim(colour, 0.12), 7)
  );
}

/** Avocado on toast with an egg: `colour` is the plate, `accent` the avocado. */
export const avocadoToast: Drawing = ({ sheet, colour, accent }) => {
  const toast = blob([
    [196, 452],
    [206, 398],
    [262, 366],
    [350, 352],
    [440, 354],
    [534, 370],
    [592, 410],
    [590, 456],
    [510, 488],
    [400, 498],
    [280, 486],
  ]);
  const crust = '#a8692f';
  const slices = [0, 1, 2, 3, 4, 5].map((at) =>
    placed(236 + at * 40, 424 + (at % 2) * 3, at * 3 - 24, avocadoSlice(sheet, accent)),
  );
  const seeds = [
    [282, 462],
    [310, 470],
    [346, 476],
    [250, 452],
    [388, 474],
    [424, 470],
    [452, 446],
    [462, 474],
    [300, 384],
    [350, 376],
  ] as const;
  return framed(
    1.2,
    452,
    plate(sheet, colour) +
      cast(sheet, toast, [12, 18], 0.45) +
      shape(
        toast,
        blend(sheet, ASLANT, lit(crust, 0.2), crust, dim(crust, 0.4)),
        'transform="translate(0 16)"',
      ) +
      shape(toast, blend(sheet, CORNER, '#f4d9a2', '#d7a765'), `stroke="${crust}" stroke-width="7"`) +
      slices.join('') +
      placed(492, 400, -12, egg(sheet)) +
      placed(534, 440, 10, egg(sheet)) +
      dots(seeds, '#3b2b25', 6),
  );
};

function avocadoSlice(sheet: Sheet, colour: Hex): string {
  const outline = 'M-26 46C-48 10-34-50 6-58C34-60 44-30 34 4C26 34 6 62-26 46Z';
  const flesh = blend(sheet, ASLANT, lit(colour, 0.66), lit(colour, 0.34), colour);
  return (
    cast(sheet, outline, [6, 6]) + shape(outline, flesh, `stroke="${dim(colour, 0.32)}" stroke-width="5"`)
  );
}

function egg(sheet: Sheet): string {
  return (
    soft(sheet, 4, oval(7, 12, 60, 36, DUSK, 'opacity=".4"')) +
    oval(0, 6, 60, 36, '#cdb6a8') +
    oval(0, 0, 60, 35, glow(sheet, '#ffffff', '#fbf4ea', '#dccabd')) +
    oval(-4, -1, 31, 20, glow(sheet, '#ffd56a', '#f5a623', '#d57a10')) +
    line('M-22-4Q-18-14-4-14', '#fff1c4', 5, 0.8)
  );
}
