import { dim, DUSK, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { clothLight, peg, seam } from './cloth.ts';
import {
  ACROSS,
  along,
  blend,
  DOWN,
  flatLight,
  glow,
  hanging,
  inside,
  metalLight,
  roundLight,
  shade,
  shine,
  soft,
  standing,
  tube,
} from './light.ts';
import { disc, dots, framed, line, oval, placed, shape, short, slab, turned } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

/** Boots: `colour` is the leather, `accent` laces and lining. */
export const boots: Drawing = (ink) => {
  const second: Ink = { ...ink, colour: dim(ink.colour, 0.2), accent: dim(ink.accent, 0.2) };
  return framed(
    1.15,
    486,
    standing(ink.sheet, 350, 478, 190) +
      `<g transform="translate(126 -24) scale(.97)">${boot(second)}</g>` +
      soft(ink.sheet, 10, oval(440, 476, 120, 16, DUSK, 'opacity=".4"')) +
      boot(ink),
  );
};

function boot({ sheet, colour, accent }: Ink): string {
  const upper =
    'M300 196Q360 184 424 200C420 262 424 330 440 396Q444 424 440 450H168C146 446 140 426 150 404' +
    'C166 376 214 362 252 340C286 318 296 258 300 196Z';
  const sole =
    'M136 440Q290 456 446 440Q456 440 457 452V474Q456 486 444 486H410L402 478H360L352 486H304L296 478H252L244 486' +
    'H168Q138 486 134 462Q132 446 136 440Z';
  const laces = 'M302 236L344 226M302 258L342 262M294 290L340 292M280 318L332 326';
  const eyelets = [
    [344, 226],
    [342, 262],
    [340, 292],
    [332, 326],
  ] as const;
  const leather = along(
    sheet,
    [0.2, 0, 0.8, 1],
    [
      [0, lit(colour, 0.34)],
      [0.4, colour],
      [0.75, dim(colour, 0.2)],
      [1, dim(colour, 0.42)],
    ],
  );
  return (
    shape('M290 214C280 180 296 156 318 160L330 220Z', clothLight(sheet, dim(accent, 0.2))) +
    shape(upper, leather) +
    inside(
      sheet,
      upper,
      shape('M130 400C170 390 220 410 226 460H130Z', dim(colour, 0.42)) +
        shape('M372 330C410 330 440 350 450 380V460H372C362 420 362 370 372 330Z', dim(colour, 0.3)) +
        shape('M290 190H430V214Q360 202 290 212Z', dim(accent, 0.3)) +
        shade(sheet, 'M400 226C398 300 404 340 416 380M150 448H440', 15, 0.36) +
        shine(sheet, 'M176 400Q226 376 262 352', 12, 0.45) +
        line(laces, dim(accent, 0.45), 11) +
        placed(-1, -2, 0, line(laces, lit(accent, 0.2), 7)),
    ) +
    seam(
      'M320 216C326 300 304 352 236 396M352 212C356 300 354 340 372 332M372 332C362 380 364 420 374 446',
      colour,
    ) +
    dots(eyelets, '#e4ddd0', 10) +
    shape(sole, blend(sheet, DOWN, '#5b5450', '#37322f', '#211b1c')) +
    line('M138 448Q290 464 450 448', lit(colour, 0.3), 4, 0.7)
  );
}

/** A bottle that keeps warm: `colour` is the paint, `accent` the cap. */
export const bottle: Drawing = ({ sheet, colour, accent }) => {
  const x = 395;
  const body = turned(x, [
    [196, 44],
    [206, 48],
    [232, 66],
    [262, 76],
    [300, 78],
    [470, 78],
  ]);
  const paint =
    shine(sheet, `M${x - 46} 270V460`, 13) +
    shine(sheet, `M${x + 66} 270V450`, 5, 0.3) +
    shade(sheet, `M${x - 80} 478Q${x} 512 ${x + 80} 478`, 22, 0.4);
  return framed(
    1.15,
    512,
    standing(sheet, x, 474, 80) +
      tube(`M${x - 34} 150C${x - 40} 84 ${x + 40} 84 ${x + 34} 150`, accent, 15) +
      shape(body, roundLight(sheet, colour, 0.46)) +
      inside(sheet, body, paint) +
      shape('M372 372L396 330L410 350L420 338L442 372Z', lit(colour, 0.66), 'opacity=".85"') +
      shape(
        turned(x, [
          [186, 45],
          [200, 46],
        ]),
        metalLight(sheet, '#c3c0bc'),
      ) +
      shape(
        turned(x, [
          [142, 46],
          [150, 51],
          [184, 51],
          [190, 48],
        ]),
        roundLight(sheet, accent),
      ) +
      disc(x, 142, 46, flatLight(sheet, lit(accent, 0.12))),
  );
};

/** A lamp for the forehead: `colour` is the housing, `accent` the band. */
export const headlamp: Drawing = (ink) => {
  const { sheet, accent } = ink;
  const back = 'M196 346A204 92 0 0 1 604 346V392A204 92 0 0 0 196 392Z';
  const front = 'M196 346A204 92 0 0 0 604 346V392A204 92 0 0 1 196 392Z';
  const stripes = 'M198 362A203 92 0 0 0 602 362M198 378A203 92 0 0 0 602 378';
  const stitching =
    line(stripes, dim(accent, 0.4), 3, 0.7) + shade(sheet, 'M200 396A203 92 0 0 0 600 396', 16);
  return framed(
    1.15,
    440,
    standing(sheet, 400, 470, 200) +
      shape(back, blend(sheet, ACROSS, dim(accent, 0.3), dim(accent, 0.55), dim(accent, 0.2))) +
      shape(front, roundLight(sheet, accent, 0.3)) +
      inside(sheet, front, stitching) +
      lamp(ink),
  );
};

function lamp({ sheet, colour, accent }: Ink): string {
  const lens = glow(sheet, '#ffffff', '#fff3c9', '#f2c765');
  const socket = dim(colour, 0.6);
  return (
    soft(sheet, 24, oval(372, 424, 120, 120, '#fff0c0', 'opacity=".5"')) +
    soft(sheet, 8, slab(300, 372, 180, 122, 34, DUSK, 'opacity=".45"')) +
    slab(288, 364, 176, 120, 36, flatLight(sheet, dim(colour, 0.08))) +
    slab(352, 354, 62, 16, 8, dim(colour, 0.35)) +
    slab(354, 353, 56, 10, 5, lit(accent, 0.1)) +
    oval(350, 424, 48, 48, socket) +
    oval(350, 424, 41, 41, metalLight(sheet, '#c9c5c0')) +
    oval(350, 424, 34, 34, lens) +
    oval(426, 408, 19, 19, socket) +
    oval(426, 408, 14, 14, lens) +
    oval(426, 450, 11, 11, socket) +
    oval(426, 450, 7.5, 7.5, '#c9473f') +
    shine(sheet, 'M312 392Q326 376 350 374', 7, 0.7)
  );
}

/** A coiled rope on a peg: `colour` is the sheath, `accent` the fleck woven into it. */
export const rope: Drawing = (ink) => {
  const { sheet } = ink;
  const loops = [
    [354, 202, 96, 172],
    [444, 204, 98, 170],
    [374, 192, 86, 178],
    [428, 194, 88, 182],
    [394, 206, 92, 190],
  ].map(([x, y, wide, long]) => {
    const [out, end] = [Math.round(wide! * 1.3), Math.round(y! + long! * 1.9)];
    return `M${x} ${y}C${x! - out} ${y! + 40} ${x! - out} ${end} ${x} ${end}C${x! + out} ${end} ${x! + out} ${y! + 40} ${x} ${y}`;
  });
  const wraps = [206, 224, 242, 260, 278].map((y) => strand(ink, `M352 ${y}Q400 ${y + 16} 448 ${y - 4}`));
  const shadow = `<ellipse cx="400" cy="370" rx="96" ry="160" fill="none" stroke="${DUSK}" stroke-width="80"/>`;
  return (
    hanging(sheet, shadow) +
    strand(ink, 'M384 214C372 150 380 104 400 96C420 104 428 150 416 214') +
    peg(sheet, 400, 98) +
    loops.map((d) => soft(sheet, 4, placed(6, 6, 0, line(d, DUSK, 15, 0.35))) + strand(ink, d)).join('') +
    wraps.join('')
  );
};

function strand({ colour, accent }: Ink, d: string): string {
  const flecks = `<path d="${d}" fill="none" stroke="${accent}" stroke-width="9" stroke-dasharray="7 25" opacity=".9"/>`;
  return tube(d, colour, 19) + flecks;
}

/** A pair of trekking poles on a wall: `colour` is the shaft, `accent` the lower section and straps. */
export const poles: Drawing = ({ sheet, colour, accent }) => {
  const shadow = hanging(sheet, slab(388, 90, 24, 450, 12, DUSK));
  return (
    leaning(24, shadow) +
    leaning(-24, shadow) +
    leaning(24, pole(sheet, dim(colour, 0.1), dim(accent, 0.1))) +
    leaning(-24, pole(sheet, colour, accent))
  );
};

function leaning(degrees: number, content: string): string {
  return `<g transform="rotate(${degrees} 400 330)">${content}</g>`;
}

function pole(sheet: Sheet, colour: Hex, accent: Hex): string {
  const rubber = roundLight(sheet, '#3a3a40');
  return (
    line('M396 88C326 92 338 220 392 204', dim(accent, 0.3), 13) +
    line('M394 87C324 91 336 219 390 203', accent, 7) +
    rod(440, 100, 14, metalLight(sheet, '#c3c0bc')) +
    rod(330, 150, 20, roundLight(sheet, accent)) +
    rod(190, 164, 26, roundLight(sheet, colour)) +
    rod(336, 28, 34, rubber) +
    rod(462, 26, 27, rubber) +
    rod(68, 136, 44, roundLight(sheet, '#c39763')) +
    rod(62, 32, 52, rubber) +
    line('M382 122h36M382 142h36M382 162h36M382 182h36', '#7d5532', 3, 0.4) +
    oval(400, 508, 42, 15, rubber) +
    shape('M393 534H407L402 562H398Z', '#8d8781')
  );
}

function rod(y: number, height: number, width: number, fill: string): string {
  return slab(400 - width / 2, y, width, height, short(width / 3), fill);
}
