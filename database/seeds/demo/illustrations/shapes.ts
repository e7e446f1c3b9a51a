/** Every picture is seen from a little above: a circle that lies flat is this much lower than wide. */
const TILT = 0.34;

/** Where things stand: the height on the sheet of the middle of what touches the ground. */
export const GROUND = 470;

/** A place on the sheet. */
export type Point = readonly [x: number, y: number];

/** One ring of something turned on a lathe: its height on the sheet and its radius. */
export type Ring = readonly [y: number, radius: number];

/** A surface. */
export function shape(d: string, fill: string, more = ''): string {
  return `<path d="${d}" fill="${fill}"${more && ` ${more}`}/>`;
}

/** A line without a surface, with round ends. */
export function line(d: string, colour: string, width: number, opacity = 1): string {
  const alpha = opacity === 1 ? '' : ` opacity="${opacity}"`;
  return (
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"` +
    ` stroke-linecap="round" stroke-linejoin="round"${alpha}/>`
  );
}

/** Round dots, each at a point. */
export function dots(points: readonly Point[], colour: string, size: number, opacity = 1): string {
  return line(points.map(([x, y]) => `M${short(x)} ${short(y)}h.1`).join(''), colour, size, opacity);
}

/** `count` points spread evenly in a circle around 0,0, the same every time. */
export function scattered(count: number, radius: number): Point[] {
  const goldenAngle = 2.399963;
  return Array.from({ length: count }, (_none, at) => {
    const distance = radius * Math.sqrt((at + 0.5) / count);
    return [Math.cos(at * goldenAngle) * distance, Math.sin(at * goldenAngle) * distance];
  });
}

export function oval(cx: number, cy: number, rx: number, ry: number, fill: string, more = ''): string {
  const place = `cx="${short(cx)}" cy="${short(cy)}" rx="${short(rx)}" ry="${short(ry)}"`;
  return `<ellipse ${place} fill="${fill}"${more && ` ${more}`}/>`;
}

/** A rectangle with rounded corners. */
export function slab(
  x: number,
  y: number,
  width: number,
  height: number,
  round: number,
  fill: string,
  more = '',
): string {
  const box = `x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"`;
  return `<rect ${box} fill="${fill}"${more && ` ${more}`}/>`;
}

/** A circle that lies flat: plates, rims, the top of a drink. */
export function disc(x: number, y: number, radius: number, fill: string, more = ''): string {
  return oval(x, y, radius, radius * TILT, fill, more);
}

/** What is drawn in plan, in a circle of radius 100 around 0,0, laid flat at a place. */
export function flat(x: number, y: number, radius: number, content: string): string {
  const scale = radius / 100;
  return `<g transform="translate(${x} ${y}) scale(${short(scale)} ${short(scale * TILT)})">${content}</g>`;
}

/** What is drawn around 0,0, put at a place and turned by so many degrees. */
export function placed(x: number, y: number, degrees: number, content: string): string {
  const turn = degrees === 0 ? '' : ` rotate(${degrees})`;
  return `<g transform="translate(${short(x)} ${short(y)})${turn}">${content}</g>`;
}

/** The same on the other side of the sheet. */
export function mirrored(content: string): string {
  return `<g transform="translate(800 0) scale(-1 1)">${content}</g>`;
}

/** Content brought closer: `scale` times as large, with its ground at the height `y` of the sheet. */
export function framed(scale: number, y: number, content: string): string {
  const place = `translate(${short(400 - 400 * scale)} ${short(y - GROUND * scale)}) scale(${scale})`;
  return `<g transform="${place}">${content}</g>`;
}

/** The outline of something turned on a lathe, standing at `x`; its rings from the top down. */
export function turned(x: number, rings: readonly Ring[]): string {
  const [topY, topR] = rings[0]!;
  const [bottomY, bottomR] = rings.at(-1)!;
  const left = rings.map(([y, r]): Point => [x - r, y]);
  const right = rings.map(([y, r]): Point => [x + r, y]).toReversed();
  return (
    `M${short(x - topR)} ${topY}${curve([left[0]!, ...left, left.at(-1)!])}` +
    `A${bottomR} ${short(bottomR * TILT)} 0 0 0 ${short(x + bottomR)} ${bottomY}` +
    `${curve([right[0]!, ...right, right.at(-1)!])}` +
    `A${topR} ${short(topR * TILT)} 0 0 0 ${short(x - topR)} ${topY}Z`
  );
}

/** The outline of a band around something turned, between two of its rings. */
export function band(x: number, [topY, topR]: Ring, [bottomY, bottomR]: Ring): string {
  return (
    `M${x - topR} ${topY}A${topR} ${short(topR * TILT)} 0 0 0 ${x + topR} ${topY}L${x + bottomR} ${bottomY}` +
    `A${bottomR} ${short(bottomR * TILT)} 0 0 1 ${x - bottomR} ${bottomY}Z`
  );
}

/** The mouth of something round; with a `heap`, also the room above it, for what is piled in. */
export function mouth(x: number, y: number, radius: number, heap = 0): string {
  const ry = short(radius * TILT);
  const front = `M${short(x - radius)} ${y}A${short(radius)} ${ry} 0 0 0 ${short(x + radius)} ${y}`;
  return heap > 0
    ? `${front}L${short(x + radius + heap / 2)} ${y - heap}H${short(x - radius - heap / 2)}Z`
    : `${front}A${short(radius)} ${ry} 0 0 0 ${short(x - radius)} ${y}Z`;
}

/** A smooth closed outline through points. */
export function blob(points: readonly Point[]): string {
  const [first, second] = [points[0]!, points[1]!];
  return `M${short(first[0])} ${short(first[1])}${curve([points.at(-1)!, ...points, first, second])}Z`;
}

/** A line that winds outwards around 0,0 to a radius of 100. */
export function spiral(turns: number): string {
  const steps = turns * 24;
  const points = Array.from({ length: steps + 1 }, (_none, step) => {
    const [angle, radius] = [(step * Math.PI) / 12, 100 * (step / steps) ** 0.8];
    return `${tenths(Math.cos(angle) * radius)} ${tenths(Math.sin(angle) * radius)}`;
  });
  return `M${points.join('L')}`;
}

/** A number as it is written in a picture: two decimals at most. */
export function short(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Catmull–Rom through all but the first and last points, which only give the direction. */
function curve(points: readonly Point[]): string {
  let d = '';
  for (let at = 1; at + 2 < points.length; at += 1) {
    const [p0, p1, p2, p3] = [points[at - 1]!, points[at]!, points[at + 1]!, points[at + 2]!];
    const controls = [
      p1[0] + (p2[0] - p0[0]) / 6,
      p1[1] + (p2[1] - p0[1]) / 6,
      p2[0] - (p3[0] - p1[0]) / 6,
      p2[1] - (p3[1] - p1[1]) / 6,
      ...p2,
    ];
    d += `C${controls.map(tenths).join(' ')}`;
  }
  return d;
}

/** One decimal is enough for points on a curve. */
function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
