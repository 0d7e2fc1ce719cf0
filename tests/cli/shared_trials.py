"""What a search that workers share has come to, for those who disturb it."""

import collections
import json

# Hand-outs are no longer told apart: as if no write asked for `attempt`.
NO_TOKEN = """
    CREATE FUNCTION keep_attempt() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN NEW.attempt := least(NEW.attempt, 1); RETURN NEW; END';
    CREATE TRIGGER keep_attempt BEFORE UPDATE ON nas_trials FOR EACH ROW EXECUTE FUNCTION keep_attempt()"""
ENDED = ("complete", "failed", "stopped")


class SharedTrials:
    """The trials of the one experiment in `postgres`, with its folder `run`."""

    def __init__(self, postgres, run):
        self.postgres, self.run = postgres, run

    def ended(self):
        try:
            return int(self.postgres.ask(f"SELECT count(*) FROM nas_trials WHERE state IN {ENDED}")[0][0])
        except RuntimeError:
            return 0  # no tables yet, or no server

    def drop_token(self):
        """From now on a late result cannot be told from another one."""
        self.postgres.ask(NO_TOKEN)

    def events(self):
        """(worker, event) of all logs; a line that is being written is left out."""
        for log in self.run.glob("log-*.jsonl"):
            for line in log.read_text().splitlines():
                try:
                    yield log.stem.removeprefix("log-"), json.loads(line)
                except json.JSONDecodeError:
                    pass

    def late(self):
        """How often a worker noticed that its lease was lost."""
        return sum(event["event"] == "warning" and "attempt" in event["text"] for _, event in self.events())

    def hand_outs(self):
        return int(self.postgres.ask("SELECT sum(attempt) FROM nas_trials")[0][0])

    def mistakes(self, total=None):
        """Results that should not have been taken, trials that failed, which none does by itself; with
        `total`, also trials that are lost or open."""
        taken = collections.defaultdict(list)
        for worker, event in self.events():
            if event["event"] == "trial_finished" and event["job"] == "evaluate":
                taken[event["number"]].append(worker)
        found, numbers = [], set()
        rows = self.postgres.ask("SELECT number, state, worker, error_kind, error_reason FROM nas_trials")
        for number, state, holder, kind, reason in rows:
            workers = taken[int(number)]
            if len(workers) > 1:
                found.append(f"trial {number} ended {len(workers)} times")
            elif workers and state not in ENDED:
                found.append(f"trial {number} is {state} and has ended")
            elif workers and workers != [holder]:
                found.append(f"trial {number}, in the hands of {holder}, was ended by {workers[0]}")
            if state == "failed":
                found.append(f"trial {number} failed: {kind}: {reason}")
            if state in ENDED:
                numbers.add(int(number))
        if total is not None and numbers != set(range(total)):
            found.append(f"{len(numbers)} of {total} trials ended")
        return found
