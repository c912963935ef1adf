#!/usr/bin/python3
"""What scikit-learn makes of the same files, to compare Deskwatch's predictions with.

Needs pandas and scikit-learn (python3-pandas, python3-sklearn). From the folder holding go.mod:

    python3 core/predict/peer/peer.py split DATA SPLIT
    (predict evaluate --train SPLIT/contacts_train.csv --test SPLIT/contacts_test.csv …
     --predictions SPLIT/contacts_arrival.csv; docs/prediction.md has the whole commands)
    OMP_NUM_THREADS=1 python3 core/predict/peer/peer.py compare SPLIT

"split" parts each file by time: the first 70 % of the tickets to train, the rest to test. "compare"
trains several models on the former and prints the AUC of each on the latter, and, where the folder
has Deskwatch's predictions (contacts_arrival.csv, contacts_first-reply.csv, missed_arrival.csv,
missed_24h.csv, moved_arrival.csv, moved_24h.csv: key, risk, bad), the interval of the difference by
a paired bootstrap over tickets. DATA is a folder with csat_first70pct.csv.gz and
incidents_first60pct.csv.gz. No parameter of these models was chosen on the test parts.
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import hstack
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.preprocessing import OneHotEncoder

TIME = "%d/%m/%Y %H:%M"
SHARE = 0.7


def times(column):
    return pd.to_datetime(column, format=TIME, errors="coerce")


def split(source, folder):
    folder.mkdir(parents=True, exist_ok=True)
    contacts = pd.read_csv(source / "csat_first70pct.csv.gz", dtype=str, keep_default_na=False)
    order = times(contacts["Issue_reported at"]).sort_values(kind="stable").index
    cut = int(len(order) * SHARE)
    contacts.loc[order[:cut]].to_csv(folder / "contacts_train.csv", index=False)
    contacts.loc[order[cut:]].to_csv(folder / "contacts_test.csv", index=False)
    log = pd.read_csv(source / "incidents_first60pct.csv.gz", dtype=str, keep_default_na=False)
    opened = times(log.drop_duplicates("number").set_index("number").opened_at).sort_values(kind="stable")
    early = log.number.isin(opened.index[: int(len(opened) * SHARE)])
    log[early].to_csv(folder / "incidents_train.csv", index=False)
    log[~early].to_csv(folder / "incidents_test.csv", index=False)


class Task:
    """Rows of words and numbers, what became of them, and how many of them are to train."""

    def __init__(self, key, words, numbers, bad, train, pairs):
        self.key, self.words, self.numbers = np.asarray(key), words.reset_index(drop=True), numbers.reset_index(drop=True)
        self.bad, self.train = np.asarray(bad, int), train
        for a, b in pairs:
            self.words[a + " × " + b] = self.words[a] + "|" + self.words[b]
        self.single = [c for c in self.words if " × " not in c]
        self.codes = {c: pd.factorize(self.words[c])[0] for c in self.words}

    def encoded(self, columns, seed, smoothing=20, folds=5):
        """Log-odds of smoothed shares of bad ends; those of training rows from the other folds."""
        n, bad, out = self.train, self.bad[: self.train], []
        fold = np.random.RandomState(seed).randint(0, folds, n)
        for c in columns:
            code = self.codes[c]
            size = code.max() + 1

            def shares(rows):
                base = bad[rows].mean()
                count = np.bincount(code[:n][rows], minlength=size)
                sums = np.bincount(code[:n][rows], weights=bad[rows], minlength=size)
                return (sums + smoothing * base) / (count + smoothing)

            x = shares(np.arange(n))[code]
            for f in range(folds):
                x[:n][fold == f] = shares(np.flatnonzero(fold != f))[code[:n][fold == f]]
            out.append(np.log(x / (1 - x)))
        return np.column_stack(out)

    def boosted(self, depth, trees=300, pairs=False, bags=3):
        said = 0
        for seed in range(bags):
            x = np.column_stack([self.encoded(list(self.words) if pairs else self.single, seed), self.numbers.to_numpy(float)])
            model = HistGradientBoostingClassifier(max_iter=trees, learning_rate=0.05, max_depth=depth, min_samples_leaf=60, l2_regularization=10, early_stopping=False)
            model.fit(x[: self.train], self.bad[: self.train])
            said = said + model.decision_function(x[self.train :])
        return said / bags

    def native(self, trees=150):
        """Boosting with its own treatment of categories, the 254 most frequent of each column."""
        x = self.numbers.to_numpy(float)
        columns = []
        for c in self.single:
            code = self.codes[c]
            frequent = pd.Series(code[: self.train]).value_counts().index[:254]
            place = np.full(code.max() + 1, np.nan)
            place[frequent] = np.arange(len(frequent))
            columns.append(place[code])
        x = np.column_stack(columns + [x])
        model = HistGradientBoostingClassifier(max_iter=trees, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=60, l2_regularization=10,
                                               categorical_features=list(range(len(columns))), early_stopping=False)
        model.fit(x[: self.train], self.bad[: self.train])
        return model.decision_function(x[self.train :])

    def linear(self, strength=0.1, pairs=False):
        words = self.words if pairs else self.words[self.single]
        x = OneHotEncoder(handle_unknown="ignore", min_frequency=3).fit(words[: self.train])
        parts = [x.transform(words)]
        for c in self.numbers:
            v = self.numbers[c].to_numpy(float)
            edges = np.unique(np.nanquantile(v[: self.train], np.linspace(0.1, 0.9, 9)))
            bins = np.where(np.isnan(v), -1, np.searchsorted(edges, v)).astype(str).reshape(-1, 1)
            parts.append(OneHotEncoder(handle_unknown="ignore").fit(bins[: self.train]).transform(bins))
        x = hstack(parts).tocsr()
        model = LogisticRegression(C=strength, solver="liblinear", max_iter=2000).fit(x[: self.train], self.bad[: self.train])
        return model.decision_function(x[self.train :])

    def peers(self):
        yield "additive boosting on encodings", self.boosted(1)
        yield "boosting of depth 2 on encodings", self.boosted(2, 200)
        yield "boosting of depth 2, with pairs", self.boosted(2, 200, pairs=True)
        yield "boosting of depth 4 on encodings", self.boosted(4, 150)
        yield "boosting on its own categories", self.native()
        yield "ridge logistic on values", self.linear()
        yield "ridge logistic on values and pairs", self.linear(0.03, pairs=True)


def contacts(folder, moment):
    d = pd.concat([pd.read_csv(folder / f"contacts_{part}.csv", dtype=str, keep_default_na=False) for part in ("train", "test")])
    train = len(pd.read_csv(folder / "contacts_train.csv", usecols=["Unique id"]))
    words = d[["channel_name", "category", "Sub-category", "Customer_City", "Product_category", "Agent_name", "Supervisor", "Manager", "Tenure Bucket", "Agent Shift"]]
    reported, replied = times(d["Issue_reported at"]), times(d["issue_responded"])
    numbers = pd.DataFrame({"price": pd.to_numeric(d["Item_price"], errors="coerce"), "since order": (reported - times(d["order_date_time"])).dt.total_seconds()})
    if moment == "first-reply":
        wait = (replied - reported).dt.total_seconds()
        wait = np.log1p(wait.mask((wait < 0) | (replied.dt.strftime("%H:%M") == "00:00")))
        numbers["wait"] = wait
        for c in ("Sub-category", "Agent_name"):  # compared with the usual
            known = pd.DataFrame({"key": d[c], "wait": wait})[:train].groupby("key").wait.agg(["sum", "count"])
            usual = (known["sum"] + 8 * wait[:train].mean()) / (known["count"] + 8)
            numbers["wait, " + c] = wait - d[c].map(usual).fillna(wait[:train].mean())
    pairs = [("Sub-category", "Supervisor"), ("Sub-category", "Manager"), ("Tenure Bucket", "Supervisor"), ("Sub-category", "channel_name")]
    return Task(d["Unique id"], words, numbers, d["CSAT Score"].astype(int) <= 2, train, pairs)


def incidents(folder, label, moment):
    log = pd.concat([pd.read_csv(folder / f"incidents_{part}.csv", dtype=str, keep_default_na=False).assign(part=part) for part in ("train", "test")], ignore_index=True)
    log["opened"], log["updated"], log["closed"] = times(log.opened_at), times(log.sys_updated_at), times(log.closed_at)
    log = log.sort_values(["number", "updated"], kind="stable")
    last = log.groupby("number").last()
    bad = last.made_sla == "false" if label == "missed" else last.reassignment_count.astype(int) >= 3
    if moment == "arrival":
        d = log.groupby("number").head(1)
    else:
        until = log.opened + pd.Timedelta(moment)
        d = log[(log.updated <= until) & (log.closed > until)].groupby("number").tail(1)
        d = d[~d.incident_state.isin(["Resolved", "Closed"])]
    d = d.assign(test=d.part == "test").sort_values(["test", "opened"], kind="stable")
    words = d[["incident_state", "caller_id", "opened_by", "sys_created_by", "sys_updated_by", "contact_type", "location", "category", "subcategory", "u_symptom", "cmdb_ci",
               "impact", "urgency", "priority", "assignment_group", "assigned_to", "knowledge", "u_priority_confirmation", "problem_id"]]
    counts = ["reassignment_count", "reopen_count", "sys_mod_count"]
    if label != "missed":
        counts = counts[1:] + counts[:1]  # the count so far is known, too
    numbers = d[counts].astype(float)
    pairs = [("incident_state", "assignment_group"), ("category", "assignment_group"), ("caller_id", "subcategory"), ("u_symptom", "assignment_group")]
    return Task(d.number, words, numbers, bad[d.number], int((~d.test).sum()), pairs)


def difference(ours, theirs, bad, rounds=2000):
    """The difference of the AUCs and its 95 % interval, resampling tickets."""
    def auc(score, count):
        order = np.argsort(score, kind="stable")
        value, start = np.unique(score[order], return_index=True)
        good = np.add.reduceat((count * (1 - bad))[order], start)
        ends = np.add.reduceat((count * bad)[order], start)
        below = np.concatenate([[0], np.cumsum(good)[:-1]])
        return (ends * (below + good / 2)).sum() / (ends.sum() * good.sum())
    rng, n = np.random.RandomState(1), len(bad)
    drawn = []
    for _ in range(rounds):
        count = np.bincount(rng.randint(0, n, n), minlength=n)
        drawn.append(auc(ours, count) - auc(theirs, count))
    one = np.ones(n, int)
    return auc(ours, one) - auc(theirs, one), np.quantile(drawn, [0.025, 0.975])


def compare(folder, only):
    for name in only or ["contacts_arrival", "contacts_first-reply", "missed_arrival", "missed_24h", "moved_arrival", "moved_24h"]:
        what, moment = name.split("_")
        task = contacts(folder, moment) if what == "contacts" else incidents(folder, what, moment)
        bad, key = task.bad[task.train :], task.key[task.train :]
        said = {peer: score for peer, score in task.peers()}
        print(f"\n{name}: {task.train} to train, {len(bad)} to test, {bad.mean():.3f} ended badly")
        ours = None
        if (folder / f"{name}.csv").exists():
            risks = pd.read_csv(folder / f"{name}.csv", dtype={"key": str}).set_index("key")
            if set(risks.index) == set(key) and (risks.loc[key, "bad"].to_numpy() == bad).all():
                ours = risks.loc[key, "risk"].to_numpy()
                print(f"  {'Deskwatch':36s} AUC {roc_auc_score(bad, ours):.4f}  Brier {brier_score_loss(bad, ours):.4f}")
            else:
                print("  Deskwatch's predictions are of other tickets")
        said["mean rank of all of these"] = sum(rankdata(s) for s in said.values())
        for peer, score in said.items():
            line = f"  {peer:36s} AUC {roc_auc_score(bad, score):.4f}"
            if "rank" not in peer:
                line += f"  Brier {brier_score_loss(bad, 1 / (1 + np.exp(-score))):.4f}"
            if ours is not None:
                d, (low, high) = difference(ours, score, bad)
                line += f"  Deskwatch {d:+.4f} ({low:+.4f} to {high:+.4f})"
            print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "split":
        split(Path(sys.argv[2]), Path(sys.argv[3]))
    elif len(sys.argv) >= 3 and sys.argv[1] == "compare":
        compare(Path(sys.argv[2]), sys.argv[3:])
    else:
        sys.exit(__doc__)
