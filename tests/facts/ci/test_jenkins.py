from __future__ import annotations

from support.facts import facts_of, marked

TEXT = """\
    // stage('none') { sh 'x' }
    pipeline {
      triggers { cron('H 2 * * *') }
      stages {
        stage('Test') {  // STAGE
          steps { sh 'pytest' }
        }
        stage("Ask") {
          steps {
            input message: 'Deploy?'  // WAIT
          }
        }
        stage('Deploy') {
          when { branch 'main' }
          steps {
            sh(script: "make deploy", returnStatus: true)
          }
        }
      }
    }
    """


def test_stages_into_jobs() -> None:
    test, ask, deploy = facts_of({"ci/Jenkinsfile.main": TEXT}).ci

    assert (test.name, set(test.triggers), test.line) == (
        "Test", {"push", "pull_request", "schedule"}, marked(TEXT, "STAGE"),
    )  # fmt: skip
    assert ask.steps == ()
    assert deploy.approval == f"ci/Jenkinsfile.main:{marked(TEXT, 'WAIT')}"
    assert (deploy.branches, set(deploy.triggers)) == (("main",), {"push", "schedule"})
    assert [(step.run, step.line, step.lenient) for step in deploy.steps] == [("make deploy", 16, True)]


def test_a_script_without_stages() -> None:
    (job,) = facts_of({"Jenkinsfile": "node {\n  sh 'pytest'\n}\n"}).ci

    assert (job.name, job.steps[0].line) == ("build", 2)


def test_scripts_in_quotes_of_any_kind() -> None:
    text = """\
        stage('a') {
          sh '''
            make a
            make b
          '''
          bat(script: 'make c')
          sh "make d"  /* sh 'x' */
          sh 'not closed
          sh \"\"\"not closed
          sh 'make e'
        }
        """
    (job,) = facts_of({"Jenkinsfile": text}).ci

    assert [(step.run.split(), step.line) for step in job.steps] == [
        (["make", "a", "make", "b"], 3), (["make", "c"], 6), (["make", "d"], 7), (["make", "e"], 10),
    ]  # fmt: skip
