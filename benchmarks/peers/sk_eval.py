#!/usr/bin/env python3
"""Peers of W6, for when its evaluators are there: linear SVM on 60,000 x 20 codes, and exact k-NN (k = 5) with 60,000 x 100
training and 10,000 x 100 test codes. python sk_eval.py --task svm|knn --threads 2. Prints one line of JSON for each peer.

The codes are principal components of MNIST, or those of --codes FILE.npz (arrays zt, yt, ze, ye: training and test). Needs
scikit-learn; torch and faiss join if they are there.
"""

import common

ARGS = common.arguments(
    "peers of W6",
    task={"default": "all", "choices": ["all", "svm", "knn"]},
    runs={"type": int, "default": 3, "help": "how often; the median is reported"},
    codes={"default": "", "help": "a .npz file of codes for the SVM"},
)

import time  # noqa: E402

import numpy as np  # noqa: E402


def timed(function):
    """Returns what the function returns, and its median wall and least CPU seconds."""
    wall, cpu = [], []
    for _ in range(ARGS.runs):
        start, used = time.perf_counter(), time.process_time()
        result = function()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    return result, {"s_median": round(float(np.median(wall)), 4), "cpu_s": round(min(cpu), 4), "threads": ARGS.threads}


def components(count):
    """Returns principal components of MNIST: training codes, labels, test codes, labels."""
    train, test = (common.images(part).astype(np.float32) / 255 for part in ("train", "t10k"))
    mean = train.mean(0)
    axes = np.linalg.eigh((train - mean).T @ (train - mean))[1][:, ::-1][:, :count]
    project = [np.ascontiguousarray((x - mean) @ axes, np.float32) for x in (train, test)]
    return project[0], common.labels("train").astype(int), project[1], common.labels("t10k").astype(int)


def svm():
    """Linear SVM by liblinear, dual and primal."""
    import sklearn
    from sklearn.svm import LinearSVC

    if ARGS.codes:
        data = np.load(ARGS.codes)
        train, labels, test, expected = (data[name] for name in ("zt", "yt", "ze", "ye"))
    else:
        train, labels, test, expected = components(20)
    train, test = train.astype(np.float64), test.astype(np.float64)
    for dual in (True, False):
        settings = {"dual": dual, "C": 1.0, "tol": 0.1 if dual else 1e-4, "max_iter": 1000}
        model, times = timed(lambda s=settings: LinearSVC(**s).fit(train, labels))
        accuracy = round(float(model.score(test, expected)), 4)
        head = {"peer": "scikit-learn LinearSVC", "version": sklearn.__version__, "work": "W6 svm", "dual": dual}
        common.emit({**head, "accuracy": accuracy, **times})


def knn():
    """Exact nearest neighbours by three libraries."""
    train, labels, test, expected = components(100)
    for name, version, neighbours in searches(train, test):
        found, times = timed(neighbours)
        votes = np.array([np.bincount(row, minlength=10).argmax() for row in labels[found]])
        accuracy = round(float((votes == expected).mean()), 4)
        common.emit({"peer": name, "version": version, "work": "W6 knn", "accuracy": accuracy, **times})


def searches(train, test):
    """Yields name, version and a function that returns the five nearest, for each library that is there."""
    try:
        import faiss

        faiss.omp_set_num_threads(ARGS.threads)
        index = faiss.IndexFlatL2(train.shape[1])
        index.add(train)
        yield "faiss IndexFlatL2", faiss.__version__, lambda: index.search(test, 5)[1]
    except ImportError:
        pass
    try:
        import torch

        torch.set_num_threads(ARGS.threads)
        codes, queries = torch.from_numpy(train), torch.from_numpy(test)
        norms = 0.5 * (codes * codes).sum(1)

        def nearest():
            found = []
            for part in queries.split(500):
                distances = torch.addmm(norms, part, codes.T, alpha=-1.0)
                found.append(torch.topk(distances, 5, largest=False)[1])
            return torch.cat(found).numpy()

        yield "torch addmm + topk", torch.__version__, nearest
    except ImportError:
        pass
    import sklearn
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(5, algorithm="brute", n_jobs=ARGS.threads).fit(train, np.zeros(len(train), int))
    yield "scikit-learn brute", sklearn.__version__, lambda: model.kneighbors(test, return_distance=False)


if __name__ == "__main__":
    if ARGS.task in ("all", "svm"):
        svm()
    if ARGS.task in ("all", "knn"):
        knn()
