"""The same service as people write it first: FastAPI, a list of expressions, keyword search over the runbooks. What `idp serve` is compared with."""

import os
import re
import uuid
from datetime import datetime, timezone
from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel, Field

RULES = [
    ("OOMKilled", "CRITICAL", r"OOMKilled|out of memory|exit code 137|Java heap space"),
    ("CrashLoopBackOff", "HIGH", r"CrashLoopBackOff|back-off restarting failed container"),
    ("ImagePullBackOff", "HIGH", r"ImagePullBackOff|ErrImagePull|pull access denied|manifest unknown"),
    ("PodPending", "MEDIUM", r"FailedScheduling|insufficient (cpu|memory)|nodes are available"),
    ("ProbeFailure", "MEDIUM", r"(liveness|readiness|startup) probe failed"),
    ("Forbidden", "MEDIUM", r"is forbidden|cannot (get|list|create) resource"),
    ("DNSError", "HIGH", r"no such host|NXDOMAIN|name resolution"),
    ("ConnectionRefused", "HIGH", r"connection refused|ECONNREFUSED"),
    ("Timeout", "MEDIUM", r"timed? ?out|deadline exceeded"),
    ("TLSError", "HIGH", r"x509|certificate (has expired|signed by unknown)"),
    ("TerraformState", "HIGH", r"Error acquiring the state lock|state lock"),
    ("DiskFull", "HIGH", r"no space left on device|disk pressure|ENOSPC"),
    ("DatabaseError", "HIGH", r"too many connections|FATAL: .*database|deadlock detected"),
    ("HelmError", "MEDIUM", r"UPGRADE FAILED|INSTALLATION FAILED"),
    ("ArgoCDError", "MEDIUM", r"ComparisonError|SyncFailed|OutOfSync"),
]
COMPILED = [(name, severity, re.compile(expression, re.IGNORECASE)) for name, severity, expression in RULES]
WORD = re.compile(r"[a-z]{4,}")
RUNBOOKS = [
    (path.name, frozenset(WORD.findall(path.read_text().lower())))
    for path in sorted(Path(os.environ["RUNBOOKS"]).glob("*.md"))
]


class Ask(BaseModel):
    error_message: str = Field(min_length=1, max_length=100_000)
    pod_name: str | None = None
    namespace: str | None = None
    deployment_name: str | None = None
    include_cluster_health: bool = False


class Fix(BaseModel):
    command: str
    description: str
    risk_level: str


class Answer(BaseModel):
    request_id: str
    timestamp: str
    severity: str
    error_category: str
    root_cause: str
    explanation: str
    fix_commands: list[Fix]
    prevention_tips: list[str]
    related_runbooks: list[str]


app = FastAPI()


@app.get("/health")
async def health():
    return {"status": "ok", "service": "baseline"}


@app.post("/diagnose", response_model=Answer)
async def diagnose(ask: Ask):
    found = next((rule for rule in COMPILED if rule[2].search(ask.error_message)), ("Unknown", "LOW", None))
    words = set(WORD.findall(ask.error_message.lower()))
    ranked = sorted(RUNBOOKS, key=lambda runbook: -len(words & runbook[1]))[:3]
    pod = ask.pod_name or "<pod>"
    return Answer(
        request_id=uuid.uuid4().hex,
        timestamp=datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        severity=found[1],
        error_category=found[0],
        root_cause=f"The text matches {found[0]}.",
        explanation="An expression of this category matches the text.",
        fix_commands=[
            Fix(command=f"kubectl describe pod {pod}", description="Shows its events.", risk_level="LOW"),
            Fix(command=f"kubectl logs {pod} --previous", description="Shows its last words.", risk_level="LOW"),
        ],
        prevention_tips=["Set requests and limits.", "Alert on restarts."],
        related_runbooks=[name for name, _ in ranked],
    )
