// The outline of Japan: @svg-maps/japan by Victor Cazanave (CC BY 4.0), edited here as follows.
//
// Coordinates are whole tenths of the original unit, so that the paths are a third as long;
// points that fall together are one; and islands that the original draws with a neighbour of
// their prefecture are drawn with their own.
//
// Writes japan.json, for the server: a path for each prefecture. Writes japan.svg,
// for small maps: all of it as one path, with the name `japan`.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import japan from "@svg-maps/japan";

const TENTHS = 10;
const MOVED = [
  { island: "Iki", from: "saga", to: "nagasaki", at: [1197, 3012] },
  { island: "Takashima (Matsuura)", from: "saga", to: "nagasaki", at: [1203, 3092] },
  { island: "Amami Oshima", from: "okinawa", to: "kagoshima", at: [1147, 4256] },
  { island: "Kakeromajima", from: "okinawa", to: "kagoshima", at: [1105, 4301] },
  { island: "Kikaijima", from: "okinawa", to: "kagoshima", at: [1247, 4258] },
  { island: "Tokunoshima", from: "okinawa", to: "kagoshima", at: [1045, 4377] },
  { island: "Okinoerabujima", from: "okinawa", to: "kagoshima", at: [976, 4468] },
];
/** How far the middle of an island may be from where it is expected. */
const NEAR = 10;

/** Return the rings of a path of relative lines, in whole tenths. */
function ringsOf(path) {
  if (/[^mz\d\s.,-]/.test(path)) {
    throw new Error(`more than relative lines: ${path.slice(0, 60)}`);
  }
  let [x, y] = [0, 0];
  return path
    .split("m")
    .slice(1)
    .map((part) => {
      const numbers = part.replace("z", " ").trim().split(/[\s,]+/).map(Number);
      const ring = [];
      let start;
      for (let at = 0; at < numbers.length; at += 2) {
        [x, y] = [x + numbers[at], y + numbers[at + 1]];
        start ??= [x, y];
        const point = [Math.round(x * TENTHS), Math.round(y * TENTHS)];
        const last = ring.at(-1);
        if (!last || last[0] !== point[0] || last[1] !== point[1]) {
          ring.push(point);
        }
      }
      // A closed path goes on from where it began.
      [x, y] = start;
      return ring;
    })
    .filter((ring) => ring.length > 2);
}

function write(rings) {
  let [x, y] = [0, 0];
  return rings
    .map((ring) => {
      const steps = ring.map(([toX, toY]) => {
        const [across, down] = [toX - x, toY - y];
        [x, y] = [toX, toY];
        return `${across}${down < 0 ? "" : " "}${down}`;
      });
      [x, y] = ring[0];
      return `m${steps.join(" ").replaceAll(" -", "-")}z`;
    })
    .join("");
}

function middle(ring) {
  const sums = ring.reduce(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
  return sums.map((each) => each / ring.length);
}

export default async function (folder) {
  const rings = Object.fromEntries(japan.locations.map(({ id, path }) => [id, ringsOf(path)]));
  for (const { island, from, to, at } of MOVED) {
    const found = rings[from].filter((ring) => Math.hypot(...middle(ring).map((each, axis) => each - at[axis])) < NEAR);
    if (found.length !== 1) {
      throw new Error(`${found.length} islands of ${from} are where ${island} should be`);
    }
    rings[from] = rings[from].filter((ring) => ring !== found[0]);
    rings[to].push(found[0]);
  }
  const [, , width, height] = japan.viewBox.split(" ").map((each) => Number(each) * TENTHS);
  const prefectures = Object.fromEntries(Object.entries(rings).map(([id, each]) => [id, write(each)]));
  await writeFile(join(folder, "japan.json"), JSON.stringify({ prefectures }));
  const whole = write(Object.values(rings).flat());
  const credit = "Map: @svg-maps/japan by Victor Cazanave, CC BY 4.0, edited";
  await writeFile(
    join(folder, "japan.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><!-- ${credit} --><path id="japan" d="${whole}"/></svg>\n`,
  );
}
