// The fail point "failCommand", as MongoDB's own servers have it.
// https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point
//
// Two fields of data are ours: afterWork does the command and then closes the connection without
// a reply, as when the acknowledgement is lost; database limits the fail point to one database,
// and each database has its own.
import { CommandError, badValue } from './errors.mjs';

export class FailPoints {
  #points = new Map(); // database or '' -> { data, skip, times, entered }

  configure({ configureFailPoint: name, mode, data }) {
    if (name !== 'failCommand') throw new CommandError(15, 'FailPointSetFailed', `failpoint ${name} not found`);
    const scope = data?.database ?? '';
    const before = this.#points.get(scope)?.entered ?? 0;
    if (mode === 'off') {
      if (data) this.#points.delete(scope);
      else this.#points.clear();
      return { count: before };
    }
    const alwaysOn = mode === 'alwaysOn';
    if (!alwaysOn && typeof mode?.times !== 'number' && typeof mode?.skip !== 'number') throw badValue('unknown fail point mode');
    if (!Array.isArray(data?.failCommands)) throw badValue('failCommand needs failCommands');
    this.#points.set(scope, { data, skip: mode.skip ?? 0, times: mode.times ?? Infinity, entered: 0 });
    return { count: before };
  }

  // enter returns the data of the fail point that hits this command, or undefined.
  enter(name, database, collection, appName) {
    for (const point of this.#points.values()) {
      const { data } = point;
      if (!data.failCommands.includes(name)) continue;
      if (data.database !== undefined && data.database !== database) continue;
      if (data.namespace !== undefined && data.namespace !== `${database}.${collection}`) continue;
      if (data.appName !== undefined && data.appName !== appName) continue;
      if (point.skip > 0) {
        point.skip--;
        continue;
      }
      if (point.times <= 0) continue;
      point.times--;
      point.entered++;
      return data;
    }
    return undefined;
  }
}
