"""How the calls of machine learning libraries look."""

from __future__ import annotations

import re

LIBRARIES = (
    "sklearn", "xgboost", "lightgbm", "catboost", "torch", "tensorflow", "keras", "statsmodels", "prophet", "transformers",
    "h2o", "autogluon", "pycaret", "river", "surprise", "implicit", "gensim", "spacy", "jax", "flax", "optax", "fastai",
    "pytorch_lightning", "lightning", "darts", "sktime", "pyspark.ml", "cuml", "flaml", "tpot", "ultralytics", "setfit",
    "sentence_transformers", "sagemaker", "imblearn", "lifelines", "lightfm", "neuralforecast", "statsforecast", "trl",
    "peft", "snowflake", "skorch", "tabnet", "pytorch_tabnet", "synapse", "interpret", "ngboost", "pmdarima",
    # R, Julia, Scala
    "caret", "tidymodels", "parsnip", "randomForest", "ranger", "mlr3", "glmnet", "e1071", "rpart", "MLJ", "Flux",
    "org.apache.spark.ml",
)  # fmt: skip
NOT_MODELS = re.compile(r"scal|encod|vectori|imput|pca|tokeni|binari|normali|kmeans_init|discreti|selector|label", re.I)
TRAIN = re.compile(r"(^|\.)(fit|train|fit_generator|partial_fit|learn|train_on_batch|train_model|fit_model)$")
TRAIN_FUNCTIONS = frozenset(
    [
        "compare_models",
        "create_model",
        "AutoML",
        "finetune",
        "fine_tune",
        "SFTTrainer",
        "DPOTrainer",
        "cross_val_score",
        "randomForest",
        "ranger",
        "glmnet",
        "svm",
        "rpart",
        "last_fit",
        "fit_resamples",
        "machine",
    ]
)
TRAIN_SHELL = re.compile(
    r"^(yolo .*\btrain\b|lightgbm .*config|spacy train|rasa train|vw .*(-d|--data)|fasttext supervised|"
    r"llamafactory-cli train|autotrain |axolotl train|tune run|xgboost \S+\.conf)"
)
METRIC = re.compile(
    r"(^|_)(accuracy|acc|auc|auroc|roc|f1|f_?score|precision|recall|rmse|mae|mse|mape|smape|r2|log_?loss|brier|"
    r"average_precision|classification_report|confusion_matrix|confusionMatrix|iou|bleu|rouge|wer|ndcg|perplexity|metrics|"
    r"pinball|kappa|mcc|matthews\w*|hit_rate|crps)(_|$|\d)", re.IGNORECASE,
)  # fmt: skip
SAVE = re.compile(
    r"(^|\.)(joblib\.dump|pickle\.dump|cloudpickle\.dump|dill\.dump|skops\.io\.dump|dump_model|save_model|save_pretrained|"
    r"save_weights|save_checkpoint|log_model|export_model|torch\.save|saveRDS|save_raw|register_model|save_state|"
    r"write_model|persist_model|store_model|create_model_package|upload_model|ModelCheckpoint|upload)$"
)
PREDICT = re.compile(
    r"(^|\.)(predict|predict_proba|predict_on_batch|decision_function|(?<!Key\.)generate|forecast|inference|infer|score_batch)$"
)
STOCHASTIC = re.compile(
    r"(RandomForest|ExtraTrees|GradientBoosting|SGD|MLP|KMeans|train_test_split|ShuffleSplit|KFold|shuffle|sample|"
    r"DataLoader|Dropout|Dense|LGBM|XGB|CatBoost|Linear$|Conv\d|Sequential|random\.|Bagging|IsolationForest|rand)"
)
SEED_CALL = re.compile(
    r"(random\.seed|default_rng|manual_seed|manual_seed_all|set_seed|seed_everything|set_random_seed|RandomState|PRNGKey|"
    r"set\.seed|seed!|np\.random\.seed|random\.key|use_deterministic_algorithms|Random|StableRNG|MersenneTwister|seed)$"
)
SEED_ARGUMENTS = frozenset({"random_state", "seed", "random_seed", "session_id", "data_seed", "rng", "seed_everything"})
