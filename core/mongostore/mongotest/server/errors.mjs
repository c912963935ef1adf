// CommandError is what a command answers instead of a result, with MongoDB's own code and name.
export class CommandError extends Error {
  constructor(code, codeName, message, more = {}) {
    super(message);
    this.code = code;
    this.codeName = codeName;
    this.more = more;
  }
}

export const badValue = (message) => new CommandError(2, 'BadValue', message);
export const location = (code, message) => new CommandError(code, `Location${code}`, message);

// Everything here runs on one thread, so a command's time limit can be one variable that the
// loops over documents look at.
let deadline = Infinity;

export function limitTime(milliseconds) {
  deadline = milliseconds > 0 ? Date.now() + milliseconds : Infinity;
}

export function checkTime() {
  if (Date.now() > deadline) throw new CommandError(50, 'MaxTimeMSExpired', 'operation exceeded time limit');
}

// checked passes items through and stops when the command's time is up.
export function* checked(items) {
  let n = 0;
  for (const item of items) {
    if ((++n & 1023) === 0) checkTime();
    yield item;
  }
}
