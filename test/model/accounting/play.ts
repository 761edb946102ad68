/** Plays a schedule of the one-session model from its start to rest, and judges it. */
import { canBeOneRun } from './figures.ts';
import { DAY, Scene, type Trace } from './scene.ts';
import type { Schedule, Step } from './schedule.ts';
import type { Setting } from './setting.ts';
import type { Ending, Violation } from './verdict.ts';

/** Seconds before a step, by its fourth die. */
const PAUSES = [1, 3, 8, 20, 60, 60, 61, 300] as const;

/** How the schedule ended. `trace` is told each step in words. */
export function playSchedule(schedule: Schedule, setting: Setting, trace: Trace | null = null): Ending {
  const scene = new Scene(schedule.isYoung, setting, trace);
  for (const step of schedule.steps) {
    scene.world.now += step.op === 'epoch' ? 5 : (PAUSES[Math.floor(step.dice[3] * PAUSES.length)] as number);
    const violation = carryOut(scene, setting, step) ?? scene.tooMuch();
    scene.say(step.op);
    if (violation !== null) return { violation, isSaid: false };
  }
  trace?.('-- rest');
  const violation = rest(scene, setting);
  const isKnown = (scene.exporter?.row ?? null) !== null;
  if (violation !== null || !isKnown || scene.oracle === null) return { violation, isSaid: false };
  return scene.oracle.ending(scene.count());
}

function carryOut(scene: Scene, setting: Setting, { op, dice }: Step): Violation | null {
  const { world, oracle } = scene;
  const [a, b, c] = dice;
  switch (op) {
    case 'start':
      world.start(dice);
      return null;
    case 'end':
      world.end(dice);
      return null;
    case 'cancel':
      world.cancel(dice);
      return null;
    case 'create':
    case 'touch':
      world.show(true);
      return null;
    case 'completeList':
      if (world.completeInList(a < 0.6) && a >= 0.6) oracle?.toldSilently();
      return null;
    case 'completeHistory':
      if (world.completeInHistory(a < 0.6) && a >= 0.6) oracle?.toldSilently();
      return null;
    case 'shorten':
      if (world.shorten(dice)) oracle?.excuse('shortened');
      return null;
    case 'makeWhole':
      world.makeWhole();
      return null;
    case 'hide':
    case 'unhide':
      scene.hide(op === 'hide', a < 0.5);
      return null;
    case 'wait':
      world.now += pause(a);
      return null;
    case 'epoch':
      scene.startExporter();
      return null;
    case 'poll':
      scene.poll(Math.floor(a * (setting.lag.list + 1)));
      return null;
    case 'history':
      if (scene.exporter?.isWaiting) scene.answer(b > 1 - setting.failedHistories ? 'failed' : scene.ask(a, c));
      return null;
    case 'ask':
      scene.askAhead(a, c);
      return null;
    case 'answer':
      scene.answerAsked();
      return null;
    case 'accounting':
      scene.switchAccounting();
      return null;
    case 'restart':
      scene.forgetAsked();
      return null;
    case 'rest':
      return restInBetween(scene, setting);
    default:
      return op satisfies never;
  }
}

/** A day, an hour, or longer than tombstones are kept. */
function pause(a: number): number {
  if (a < 0.5) return 1.1 * DAY;
  return a < 0.8 ? 3700 : 31 * DAY;
}

function restInBetween(scene: Scene, setting: Setting): Violation | null {
  const violation = rest(scene, setting);
  const { exporter } = scene;
  const history = exporter?.row?.history;
  if (violation !== null || exporter === null || history === undefined) return violation;
  const isSettled = exporter.accounting === 'every_run' && !exporter.isWaiting && !history.givenUp;
  if (isSettled) scene.oracle?.atRest(scene.count());
  return null;
}

/** The API shows the truth, and the exporter looks until all is verified. */
function rest(scene: Scene, setting: Setting): Violation | null {
  const { world } = scene;
  world.now += 100;
  scene.hide(false, false);
  if (scene.exporter === null || world.versions.length === 0) return null;
  for (let i = 0; i < 6; i++) {
    world.now += 60;
    if (i === 2) complete(scene, setting);
    scene.poll(0);
    const violation = scene.tooMuch() ?? lookUp(scene);
    if (violation !== null) return violation;
  }
  return scene.exporter.isWaiting ? waitADay(scene) : null;
}

function complete({ world }: Scene, { completesAtRest: { list, history } }: Setting): void {
  if (list) world.completeInList(true);
  if (history) world.completeInHistory(true);
}

function lookUp(scene: Scene): Violation | null {
  if (!scene.exporter?.isWaiting) return null;
  scene.answer(scene.ask(0, 0.99));
  scene.say('rest');
  return scene.tooMuch();
}

/** A history that lacks the newest run, or was shortened, is waited for; after a day it is given up, or taken as it is. */
function waitADay(scene: Scene): Violation | null {
  const { shown, stops } = scene.world;
  const newest = stops.at(-1);
  const isWhole = shown === null || (newest !== undefined && canBeOneRun(shown, newest));
  const mayWait = !isWhole || scene.oracle?.isExcused('shortened') === true;
  if (!mayWait) return { kind: 'never settles', by: 1 };
  scene.world.now += 1.1 * DAY;
  scene.answer(scene.ask(0, 0.99));
  return scene.exporter?.isWaiting ? { kind: 'never settles', by: 1 } : scene.tooMuch();
}
