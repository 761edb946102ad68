/** The colours of the dashboards: enough contrast on both backgrounds, and distinct for colour-blind readers. */
import { describe, expect, test } from 'vitest';
import { COLOR, ERROR_CLASS_COLORS, FAILURE_COLORS } from '../../grafana/src/palette.ts';

type Rgb = readonly [number, number, number];

/** Linear light, by IEC 61966-2-1. */
function linear(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** By WCAG 2.1. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Machado, Oliveira, Fernandes 2009: full red and green blindness, on linear light. */
const BLINDNESS: Readonly<Record<string, readonly Rgb[]>> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** CIE L*a*b*, white D65. */
function lab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Rgb;
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(a: string, b: string, matrix: readonly Rgb[]): number {
  const see = (hex: string) => {
    const light = linear(hex);
    return lab(matrix.map((row) => row[0] * light[0] + row[1] * light[1] + row[2] * light[2]) as unknown as Rgb);
  };
  const [first, second] = [see(a), see(b)];
  return Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
}

/** Colours that meet in one panel and whose order there says nothing. */
const TOGETHER: readonly (readonly (keyof typeof COLOR)[])[] = [
  ['input', 'output'],
  ['runs', 'error', 'past'],
  ['ok', 'error', 'neutral'],
  ['ok', 'warning', 'error'],
];

describe('palette', () => {
  test('contrasts with both panel backgrounds', () => {
    const all = [...Object.values(COLOR), ...ERROR_CLASS_COLORS.map(([, c]) => c), ...FAILURE_COLORS.map(([, c]) => c)];
    const weak = all.filter((hex) => Math.min(contrast(hex, '#181b1f'), contrast(hex, '#ffffff')) < 2.9);
    expect(weak).toEqual([]);
  });

  test.each(Object.keys(BLINDNESS))('meanings stay apart with %s', (kind) => {
    const matrix = BLINDNESS[kind] ?? [];
    for (const group of TOGETHER) {
      for (const [index, a] of group.entries()) {
        for (const b of group.slice(index + 1)) {
          expect(difference(COLOR[a], COLOR[b], matrix), `${a} and ${b}`).toBeGreaterThan(20);
        }
      }
    }
  });

  test.each([ERROR_CLASS_COLORS, FAILURE_COLORS])('no two classes share a colour', (...pairs) => {
    const colors = pairs.map(([, hex]) => hex);
    expect(new Set(colors).size).toBe(colors.length);
  });
});
