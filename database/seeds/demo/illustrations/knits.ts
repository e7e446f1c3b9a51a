import { dim, DUSK, lit } from './colour.ts';
import { clothLight, seam } from './cloth.ts';
import {
  ACROSS,
  ballLight,
  blend,
  cast,
  flatLight,
  hanging,
  inside,
  shade,
  shine,
  soft,
  standing,
} from './light.ts';
import { blob, dots, framed, line, oval, placed, shape, short, slab } from './shapes.ts';
import type { Point } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

const SOCK =
  'M276 142Q332 150 386 142C388 220 382 290 386 340C392 386 440 402 472 424C500 446 492 492 456 496' +
  'C400 502 330 476 296 440C268 410 276 370 280 320C284 260 278 200 276 142Z';

/** A pair of socks on a line: `colour` is the knit, `accent` heel, toe and stripes. */
export const socks: Drawing = (ink) => {
  const { sheet } = ink;
  const second: Ink = { ...ink, colour: dim(ink.colour, 0.1), accent: dim(ink.accent, 0.1) };
  const cord = 'M60 120Q400 150 740 112';
  return (
    beside(hanging(sheet, shape(SOCK, DUSK))) +
    hanging(sheet, shape(SOCK, DUSK)) +
    soft(sheet, 5, placed(14, 16, 0, line(cord, DUSK, 5, 0.3))) +
    line(cord, '#a58a68', 5) +
    line('M60 119Q400 149 740 111', '#e0cba9', 2) +
    beside(sock(second)) +
    sock(ink) +
    clothespin(sheet, 330) +
    clothespin(sheet, 482)
  );
};

/** Where the second sock hangs. */
function beside(content: string): string {
  return `<g transform="rotate(5 520 130) translate(150 6)">${content}</g>`;
}

function sock({ sheet, colour, accent }: Ink): string {
  const cuff = Array.from({ length: 9 }, (_none, rib) => `M${284 + rib * 12} 146V200`).join('');
  return (
    shape(SOCK, clothLight(sheet, colour)) +
    inside(
      sheet,
      SOCK,
      shape('M262 404C300 392 330 380 352 356C330 340 290 340 262 352Z', accent) +
        shape('M436 392C420 430 414 470 420 510H520V392Z', accent) +
        line('M262 216Q330 226 400 216M262 236Q330 246 400 236', accent, 10) +
        line(cuff, dim(colour, 0.4), 4, 0.4) +
        shine(sheet, 'M300 170C306 260 296 340 304 400C320 440 380 470 440 478', 14, 0.26) +
        shade(sheet, 'M386 150C380 240 378 330 390 366M280 444Q360 514 470 508', 22, 0.34),
    )
  );
}

function clothespin(sheet: Sheet, x: number): string {
  return (
    slab(x - 9, 104, 18, 62, 5, blend(sheet, ACROSS, '#f0d6a8', '#cfa367', '#8f6336')) +
    line(`M${x} 112V160`, '#7d5532', 2, 0.7) +
    line(`M${x - 8} 136H${x + 8}`, '#9a958f', 4)
  );
}

/** A ribbed hat with a bobble: `colour` is the knit, `accent` the bobble. */
export const beanie: Drawing = ({ sheet, colour, accent }) => {
  const dome = 'M250 404C246 280 310 214 398 212C488 214 552 280 548 404Q400 456 250 404Z';
  const cuff =
    'M236 396Q234 378 246 380Q400 432 552 380Q564 378 562 396V448Q562 466 548 470Q400 520 250 470Q236 466 236 448Z';
  const onDome = ribs(({ across, drop }) => {
    const low = short(399 + across * 149);
    return `M${short(399 + across * 30)} ${short(222 + drop * 4)}Q${low} 272 ${low} ${short(380 + drop * 44)}`;
  });
  const onCuff = ribs(({ across, drop }) => `M${short(399 + across * 161)} ${short(378 + drop * 44)}v62`);
  return framed(
    1.1,
    478,
    standing(sheet, 400, 482, 164) +
      shape(dome, ballLight(sheet, colour, 0.3)) +
      inside(
        sheet,
        dome,
        line(onDome, dim(colour, 0.5), 5, 0.4) + placed(-5, 0, 0, line(onDome, lit(colour, 0.5), 4, 0.25)),
      ) +
      shade(sheet, 'M246 396Q400 446 552 396', 16, 0.5) +
      shape(cuff, clothLight(sheet, lit(colour, 0.06))) +
      inside(
        sheet,
        cuff,
        line(onCuff, dim(colour, 0.5), 6, 0.45) + placed(-6, 0, 0, line(onCuff, lit(colour, 0.5), 5, 0.3)),
      ) +
      soft(sheet, 7, oval(406, 226, 60, 16, DUSK, 'opacity=".5"')) +
      bobble({ sheet, colour, accent }),
  );
};

/** Fifteen ribs around something round; each is told how far across it is (−1 to 1) and how far in front (0–1). */
function ribs(draw: (rib: { across: number; drop: number }) => string): string {
  return Array.from({ length: 15 }, (_none, at) => {
    const across = -Math.cos((Math.PI * (at + 0.5)) / 15);
    return draw({ across, drop: Math.sqrt(1 - across * across) });
  }).join('');
}

function bobble({ sheet, accent }: Ink): string {
  const edge = Array.from({ length: 36 }, (_none, at): Point => {
    const radius = at % 2 === 0 ? 66 : 59;
    return [
      399 + Math.cos((at * Math.PI) / 18) * radius,
      176 + Math.sin((at * Math.PI) / 18) * radius * 0.94,
    ];
  });
  const strands =
    'M372 150q-12 14-8 30M398 138q-6 10-2 24M424 152q10 12 4 28M384 190q10 10 24 8M360 196q4 12 14 16M428 200q-4 10-12 16';
  return (
    shape(blob(edge), ballLight(sheet, accent, 0.5)) +
    soft(sheet, 2, line(strands, dim(accent, 0.4), 5, 0.35))
  );
}

/** A cap seen from the front left: `colour` is the cloth, `accent` button and patch. */
export const cap: Drawing = ({ sheet, colour, accent }) => {
  const crown = 'M262 410C258 300 312 232 414 230C520 230 590 302 592 412Q440 470 262 410Z';
  const brim =
    'M270 396C200 404 138 428 118 462C112 478 130 486 150 482C250 458 380 458 470 470C500 474 506 452 486 440Q390 430 270 396Z';
  const panels =
    'M414 232C366 270 334 340 330 428M414 232C470 280 496 350 494 438M414 232C350 240 300 290 268 372M414 232C500 244 560 300 584 380';
  const patch =
    'M352 316L446 318Q452 318 452 326L448 376Q448 384 440 384L352 378Q345 377 345 370L346 322Q346 316 352 316Z';
  return framed(
    1.15,
    470,
    standing(sheet, 400, 462, 196) +
      shape(crown, ballLight(sheet, colour)) +
      inside(sheet, crown, shade(sheet, 'M300 420Q440 480 600 420', 34, 0.4)) +
      seam(panels, colour) +
      dots([[414, 231]], dim(accent, 0.2), 20) +
      dots([[412, 229]], lit(accent, 0.2), 14) +
      shape(patch, clothLight(sheet, accent)) +
      shape('M358 366L386 334L402 354L414 342L436 370Z', lit(accent, 0.72)) +
      cast(sheet, 'M262 404Q390 444 500 440L500 458Q380 440 262 424Z', [0, 0], 0.5) +
      shape(brim, dim(colour, 0.5), 'transform="translate(3 9)"') +
      shape(brim, flatLight(sheet, colour)) +
      seam('M140 462C230 434 380 438 476 452M166 444C240 420 370 424 470 440', colour),
  );
};
