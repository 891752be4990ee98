"""What the names of calls and arguments mean, and those that only look like them."""

from __future__ import annotations

import re

import pytest

from mlops_ladder.facts import patterns

CASES: dict[str, tuple[list[str], list[str]]] = {
    "TRAIN": (
        ["fit", "sklearn.svm.SVC().fit", "model.partial_fit", "lightgbm.train", "learn.train_model"],
        ["refit", "model.fit_transform", "fit.result", "trainer", "outfit"],
    ),
    "TRAIN_SHELL": (
        ["yolo detect train data=a.yaml", "spacy train a.cfg", "xgboost train.conf", "axolotl train a.yml"],
        ["yolo detect predict", "echo spacy train", "spacy download en", "xgboost --help"],
    ),
    "METRIC": (
        ["accuracy", "roc_auc_score", "f1", "test_rmse", "confusionMatrix", "R2", "mae_2"],
        ["machine", "package", "maestro", "processor", "accurate"],
    ),
    "SAVE": (
        ["joblib.dump", "torch.save", "mlflow.sklearn.log_model", "model.save_pretrained", "ModelCheckpoint"],
        ["json.dump", "figure.save", "log_models", "saved_model"],
    ),
    "PREDICT": (
        ["predict", "model.predict_proba", "pipe().predict", "client.infer", "model.generate"],
        ["predictor", "predict.all", "unpredict", "inference_time", "Ed25519PrivateKey.generate"],
    ),
    "STOCHASTIC": (
        ["RandomForestClassifier", "train_test_split", "numpy.random.normal", "torch.nn.Linear", "StratifiedKFold"],
        ["LinearRegression", "accuracy_score", "read_csv"],
    ),
    "SEED_CALL": (
        ["random.seed", "numpy.random.default_rng", "torch.manual_seed", "set.seed", "seed!", "jax.random.PRNGKey"],
        ["seeds", "random.choice", "seed_data"],
    ),
    "NOT_MODELS": (
        ["StandardScaler", "OneHotEncoder", "TfidfVectorizer", "PCA", "LabelBinarizer"],
        ["RandomForestClassifier", "SVC", "Ridge", "KMeans"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_a_pattern_finds(name: str) -> None:
    pattern: re.Pattern[str] = getattr(patterns, name)
    wanted, others = CASES[name]

    assert [text for text in wanted if not pattern.search(text)] == []
    assert [text for text in others if pattern.search(text)] == []


def test_every_pattern_has_its_cases() -> None:
    assert CASES.keys() == {name for name, value in vars(patterns).items() if isinstance(value, re.Pattern)}


def test_libraries_are_packages_and_not_names_in_them() -> None:
    assert {"sklearn", "torch", "caret"} <= set(patterns.LIBRARIES)
    assert not {"numpy", "pandas", "svm", "scikit-learn"} & set(patterns.LIBRARIES)
    assert len(set(patterns.LIBRARIES)) == len(patterns.LIBRARIES)


def test_functions_and_arguments_by_their_whole_name() -> None:
    assert {"cross_val_score", "SFTTrainer"} <= patterns.TRAIN_FUNCTIONS
    assert "fit" not in patterns.TRAIN_FUNCTIONS  # a method, found by TRAIN
    assert {"random_state", "seed"} <= patterns.SEED_ARGUMENTS
    assert "state" not in patterns.SEED_ARGUMENTS
