import { dim, DUSK, lit } from './colour.ts';
import { clipHanger, clothLight, folds, seam, zip } from './cloth.ts';
import { hanging, inside, shade, shine } from './light.ts';
import { line, oval, placed, shape } from './shapes.ts';
import type { Drawing } from './sheet.ts';

interface Legs {
  readonly outline: string;
  /** Where the waist begins on the left, and at which height. */
  readonly waist: { readonly left: number; readonly y: number };
  readonly seams: string;
}

function legs({ outline, waist, seams }: Legs): Drawing {
  const { left, y } = waist;
  const right = 800 - left;
  const pockets = `M${left + 44} ${y + 36}Q${left + 34} ${y + 80} ${left - 6} ${y + 104}M${right - 44} ${y + 36}Q${right - 34} ${y + 80} ${right + 6} ${y + 104}`;
  const fly = `M400 ${y + 32}V${y + 134}M400 ${y + 130}Q384 ${y + 110} 384 ${y + 36}`;
  const loops = [left + 34, 372, 428, right - 34].map((x) => `M${x} ${y + 2}v32`).join('');
  return ({ sheet, colour, accent }) => {
    const cloth =
      shade(sheet, 'M400 290V560', 34, 0.3) +
      shine(sheet, `M${left + 28} 240C${left + 12} 340 ${left + 30} 440 ${left + 24} 560`, 24, 0.2) +
      shine(sheet, 'M452 300C444 360 452 450 446 560', 18, 0.14) +
      folds(sheet, 'M398 264L344 296M402 264L456 296') +
      shape(`M${left - 20} ${y}H${right + 20}V${y + 32}H${left - 20}Z`, clothLight(sheet, dim(colour, 0.12)));
    return (
      hanging(sheet, shape(outline, DUSK)) +
      shape(outline, clothLight(sheet, colour)) +
      inside(sheet, outline, cloth) +
      seam(`M${left} ${y + 32}H${right}${pockets}${fly}${seams}`, colour) +
      line(loops, dim(colour, 0.3), 9) +
      placed(-1.5, 0, 0, line(loops, lit(colour, 0.12), 4)) +
      oval(400, y + 16, 8, 8, dim(colour, 0.5)) +
      oval(399, y + 15, 6, 6, '#d8cfc0') +
      zip(`M${left + 6} ${y + 150}L${left + 4} ${y + 216}`, colour, accent) +
      clipHanger(sheet, y)
    );
  };
}

/** Trousers: `colour` is the cloth, `accent` the zip of the thigh pocket. */
export const trousers = legs({
  outline:
    'M306 128H494C504 190 512 270 508 350C506 420 502 480 500 544H424C420 470 412 380 400 296' +
    'C388 380 380 470 376 544H300C298 480 294 420 292 350C288 270 296 190 306 128Z',
  waist: { left: 306, y: 128 },
  seams: 'M296 370Q330 386 384 378M504 370Q470 386 416 378M302 524H376M424 524H498',
});

/** Shorts: `colour` is the cloth, `accent` the zip of the thigh pocket. */
export const shorts = legs({
  outline:
    'M290 170H510C526 240 536 340 540 448Q480 468 418 460C414 416 408 372 400 336C392 372 386 416 382 460' +
    'Q320 468 260 448C264 340 274 240 290 170Z',
  waist: { left: 290, y: 170 },
  seams: 'M262 428Q320 446 382 440M538 428Q480 446 418 440',
});
