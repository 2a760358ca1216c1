"""The commands in the order of the work, each with what it does; a command is the module of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "run": "筛选、评分、出报告。 Screen, score and report.",
    "check": "检查规则包。 Check a rule pack.",
    "test": "运行规则包的案例。 Run the cases of a rule pack.",
    "plan": "预览规则修改的影响。 Preview what an edit of the rules changes.",
    "watch": "边改边看排名。 The ranking while you edit.",
    "diff": "比较两次运行,逐家归因。 What moved between two runs, and why.",
    "compare": "并排比较两至五家企业。 Two to five companies side by side.",
    "ask": "该补哪些资料。 What to ask for: by company, or for the whole list.",
    "lift": "怎样更进一步,什么会使它掉队。 What would lift or drop a company.",
    "robustness": "名次与入围有多稳。 How sure ranks and the short list are.",
    "coverage": "规划对照:点名与空白、拥挤、组合、梯队、目标。 The plan against the pool.",
    "portfolio": "在预算与约束内选择组合。 Which companies to fund under a budget and limits.",
    "rules": "哪条规则最起作用。 Which rule decides most.",
    "fund": "让利与返投测算,不计分。 What concessions and reinvestment come to.",
    "explain": "说明一家企业的结果。 Tell one company's whole story.",
    "sql": "打印可读的 SQL。 Print the SQL of every step.",
    "inspect": "查看数据文件并起草 dataset.yaml。 Look at a data file and draft its manifest.",
    "terms": "词表命中情况。 How the terms of the lexicon hit.",
    "backtest": "用后来的结果检验评分。 Hold scores against later outcomes.",
    "evaluate": "对照金标准评估分类。 Measure the classification against a gold file.",
    "verify": "核验一次运行。 Verify a run.",
    "export": "导出为 PDF 或 Word。 Export a run as PDF or Word.",
    "sign": "为一次运行签名。 Sign a run.",
    "migrate": "把旧写法的规则包改成新写法。 Rewrite a pack of an earlier form.",
    "schema": "写出编辑器用的 JSON Schema。 Write JSON Schemas for editors.",
    "cache": "查看或清空缓存。 Show or clear what is kept between runs.",
    "init": "建立工作目录。 Lay out a workspace.",
}
