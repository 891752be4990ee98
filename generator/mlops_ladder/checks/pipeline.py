"""Pipeline: documented, one command, declared, tested, in an image, on a cluster."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, judged
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.instructions import Instructions
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files


@check("runbook")
def runbook(instructions: Instructions) -> Verdict:
    """Write into the README the commands that set the project up and run it, in their order, and follow them once on a fresh machine."""
    return judged(instructions.runbook)


@check("one-command")
def one_command(instructions: Instructions, graph: Graph, ml: Ml, code: Code) -> Verdict:
    """Give the whole run one name: `make run`, `dvc repro` or a pipeline of your orchestrator."""
    places = instructions.automated(ml.train_nodes)
    if not places:
        scripts = [module for module in code.modules if not module.path.endswith(".ipynb")]
        places = [module.where(1) for module in scripts if graph.of_file(module.path) & ml.train_nodes]
        places += [path for path in ml.train_files if path.endswith((".R", ".r", ".jl", ".scala"))]
    by_hand = "the model is trained in a notebook that only a person runs"
    return found(places, by_hand if ml.trains and not ml.scripted else "")


@check("declared-stages")
def declared(stages: list[str]) -> Verdict:
    """Declare the steps with their inputs and outputs (dvc.yaml, or the pipeline of an orchestrator)."""
    return found(stages)


@check("pipeline-test")
def pipeline_test(code: Code, graph: Graph, ml: Ml) -> Verdict:
    """Write a test that runs data, training and evaluation on a few hundred rows and looks at what comes out."""
    return found(
        module.where(function.line)
        for module in code.tests
        for name, function in module.functions.items()
        if function.last.startswith("test") and graph.reach({("py", module.path, name)}) & ml.train_nodes
    )


@check("container-image")
def image(manifests: Manifests, files: Files) -> Verdict:
    """Write a Dockerfile that installs the locked environment and runs as a user without rights."""
    places = [
        f"{path}:1"
        for path in manifests.dockerfiles
        if re.search(r"(?im)^[ \t]*FROM[ \t]+\S", files.text(path))
        and re.search(r"(?im)^[ \t]*(COPY|ADD|RUN)\s", files.text(path))
    ]
    places += files.match(r"(^|/)(bentofile\.ya?ml|cog\.yaml|Procfile|project\.toml)$")
    return found(places)


@check("environments-by-config")
def environments(files: Files) -> Verdict:
    """Keep what differs between test, staging and production in one small file each, over a common base."""
    name = r"(dev|test|staging|stage|prod|production|uat|canary)"
    groups = files.match(
        rf"(^|/)overlays/{name}/|(^|/)(env|envs|environments|values|config|conf|deploy|settings|k8s|kubernetes|kustomize)[/_.-]?{name}(/|[\w.-]*\.(ya?ml|tfvars|toml|env|json)$)|values[.-]{name}\.ya?ml$|{name}\.tfvars$"
    )
    kinds = {
        m[0].lower()
        for path in groups
        for m in [re.search(r"(dev|test|staging|stage|prod(uction)?|uat)", path, re.I)]
        if m
    }
    return found(groups if len(kinds) > 1 else [])


_ENGINES = (
    (("ray",), r"(^|\.)(init|remote|Tuner|TorchTrainer|XGBoostTrainer|LightGBMTrainer|DataParallelTrainer|tune\.run|read_parquet|read_csv|from_pandas|run|put|map_batches|get)$"),
    (("pyspark",), r"(^|\.)(getOrCreate|spark\.read\S*|SparkSession\S*|SparkContext|fit)$"),
    (("dask", "dask_ml", "distributed", "dask_kubernetes", "coiled"), r"(^|\.)(Client|LocalCluster|KubeCluster|Cluster|compute)$"),
    (("horovod", "kubeflow"), r"."),
    (("sagemaker",), r"(^|\.)(fit|Estimator|PyTorch|TensorFlow|XGBoost|SKLearn|TrainingStep|HyperparameterTuner|Processor|transform)$"),
    (("google.cloud.aiplatform", "google.cloud"), r"(CustomTrainingJob|CustomContainerTrainingJob|CustomJob|CustomPythonPackageTrainingJob|PipelineJob|batch_predict|HyperparameterTuningJob)$"),
    (("azure.ai.ml",), r"(^|\.)(command|AmlCompute|sweep|ParallelTask|parallel_run_function)$"),
    (("databricks", "modal", "sky", "skypilot", "submitit"), r"(^|\.)(submit|run_now|create|launch|App|Stub|function|AutoExecutor|remote|map)$"),
    (("airflow",), r"(KubernetesPodOperator|SparkSubmitOperator|DatabricksSubmitRunOperator|SparkKubernetesOperator|DataprocSubmitJobOperator|SageMakerTrainingOperator|EmrAddStepsOperator|RayJobOperator|SubmitRayJob)$"),
)  # fmt: skip
_KINDS = ("RayCluster", "RayJob", "RayService", "SparkApplication", "PyTorchJob", "TFJob", "MPIJob", "XGBoostJob", "TrainJob",
          "DaskCluster", "DaskJob", "Experiment", "ScheduledSparkApplication")  # fmt: skip


@check("cluster-engine")
def cluster(code: Code, ml: Ml, manifests: Manifests, ci: list[Job], graph: Graph) -> Verdict:
    """Run training, tuning or batch scoring on a cluster engine (Ray, Spark, Dask, Kubeflow) whose address is configuration."""
    hits = [hit for libraries, pattern in _ENGINES for hit in code.named(pattern, *libraries)]
    places = [hit.where for hit in ml.live(hits)]
    places += [manifest.where for manifest in manifests.of(*_KINDS)]
    shell = re.compile(
        r"^(spark-submit|ray (job )?submit|sbatch|sky (launch|jobs)|databricks (jobs run|bundle run)|gcloud ai (custom-jobs|hp-tuning)|az ml job create|horovodrun|mpirun)"
    )
    scripts = [(task.script, task.where) for task in graph.tasks] + [(job.text, job.where) for job in ci]
    places += [where for script, where in scripts for command in graph.commands(script) if shell.search(command.line)]
    return found(places)
