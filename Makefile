# 育路 Yulu. Needs make and Python 3.11, 3.12 or 3.13; `make help` lists the verbs.

VENV      := .venv
PY        := $(VENV)/bin/python
RUNTIME   := $(VENV)/.runtime-installed
DEV       := $(VENV)/.dev-installed
TRAINED   := nlu/model/.trained
LEARNED   := flows/policy/model/.learned
MODEL     := $(TRAINED) $(LEARNED)
SENTENCES := $(wildcard nlu/data/*/*.yml nlu/data/*.yml)
QUESTIONS := $(wildcard flows/policy/*.yaml)
ARGS      ?=

# The encoder is fine-tuned in an environment of its own: PyTorch is not needed to run Yulu.
TUNING_VENV := .venv-tuning
TUNING_PY   := $(TUNING_VENV)/bin/python
TUNING      := $(TUNING_VENV)/.installed

# CI=true turns a skipped test into a failure.
NOSKIP    := $(if $(filter true 1,$(CI)),-p tests.ci_noskip)
# Compiled files are kept even where the machine says otherwise: each process would compile again.
export PYTHONDONTWRITEBYTECODE :=
PYTEST     = $(PY) -m pytest -n 2 --dist worksteal $(NOSKIP)

.DEFAULT_GOAL := help
.PHONY: help run setup test check chat train encoder test-tuning bench bench-nlu bench-nlu-massive autumn autumn-claims torture storm bench-reminders bench-desk fuzz fuzz-dialogue migrate rasa-setup rasa-train rasa-run test-rasa audit lock clean

help: ## 列出所有命令 / list these verbs
	@echo "育路 Yulu"
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo '  加参数 / options: make run ARGS="--port 8080"'

run: $(MODEL) ## 启动服务 / start the whole service
	@$(PY) -m bot run $(ARGS)

setup: $(RUNTIME) ## 只准备运行环境 .venv / only create the environment

test: $(DEV) $(MODEL) ## 跑测试，不含慢的 / run the tests, but for those marked slow
	@$(PYTEST) -m "not rasa and not tuning and not slow" $(ARGS)

check: $(DEV) $(MODEL) ## 格式、类型、内容、全部测试、覆盖率 / format, types, content, every test, coverage
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m bot check
	$(PYTEST) -m "not rasa and not tuning" --cov --cov-report=term:skip-covered --cov-fail-under=90 $(ARGS)

chat: $(MODEL) ## 在终端里和机器人聊天 / talk to the bot in a terminal
	@$(PY) -m bot chat $(ARGS)

train: $(RUNTIME) ## 用 nlu/data 里的例句重新训练 / train the language model again
	$(PY) -m nlu train
	$(PY) -m flows.policy
	@mkdir -p $(dir $(MODEL)) && touch $(MODEL)

encoder: $(MODEL) $(TUNING) ## 重新微调句子编码器（要 PyTorch，约半小时）/ fine-tune the shipped encoder again
	$(TUNING_PY) -m nlu.finetune tests/nlu/fresh_dev.jsonl $(ARGS)

migrate: $(RUNTIME) ## 把数据库升级到最新结构 / bring the database to the newest schema
	$(PY) -m bot migrate $(ARGS)

rasa-setup: ## 安装 Rasa（可选，约 3 GB，要 Python 3.10）/ Rasa's own environment, and a first training
	@sh nlu/rasa/setup.sh

rasa-train: ## 用同样的例句训练 Rasa / train Rasa from the same sentences
	@sh nlu/rasa/train.sh

rasa-run: ## 启动 Rasa，先设 RASA_TOKEN / serve Rasa on this machine, to whoever knows RASA_TOKEN
	@sh nlu/rasa/serve.sh

test-rasa: $(DEV) $(MODEL) ## 用真正的 Rasa 测试，并和自带的引擎比较 / tests against a real Rasa, compared with ours
	@sh scripts/test_rasa.sh $(PY)

test-tuning: $(TUNING) ## 测试微调（要 PyTorch）/ tests of fine-tuning
	@$(TUNING_PY) -m pytest -q -m tuning $(NOSKIP) tests/tuning

bench: $(DEV) $(MODEL) ## 量整个服务：每秒几条、多快、多大，和基线并排 / the whole service beside its baselines
	@$(PY) -m tests.bench $(ARGS)

bench-nlu: $(MODEL) ## 量引擎的速度、启动、内存，有 Rasa 就并排量 / speed, start and memory of the engines
	@$(PY) -m nlu.bench tests/nlu/fresh_dev.jsonl $(ARGS)
	@$(if $(MASSIVE),$(MAKE) --no-print-directory bench-nlu-massive MASSIVE="$(MASSIVE)",echo "没有给 MASSIVE=目录，公开数据集跳过了 / skipped: no MASSIVE=FOLDER")

bench-nlu-massive: $(TUNING) ## 公开数据集上比引擎，MASSIVE=目录 / the classifier on a public benchmark
	$(TUNING_PY) -m nlu.finetune.massive "$(MASSIVE)" $(ARGS)

storm: $(DEV) $(MODEL) ## 对着会说 429、会断线的 Telegram 发 1500 条，看占了允许速度的几成 / throughput against a Telegram in trouble
	@$(PY) -m pytest -q -s -n 0 tests/channels/test_telegram_storm.py $(ARGS)

bench-reminders: $(DEV) $(MODEL) ## 量发提醒的开销，一千条和一百万条没到点的 / cost of reminders, 1,000 against a million
	@$(PY) -m tests.autumn.bench $(ARGS)

bench-desk: $(DEV) ## 量办公端网页和接口列表要多少毫秒，十万件个案 / pages and lists with 100,000 cases
	@$(PY) -m tests.web.speed $(ARGS)

autumn: $(DEV) $(MODEL) ## 演练一个秋天，两万户 / a simulated autumn of 20,000 families, every rule checked
	@$(PY) -m tests.autumn $(ARGS)

autumn-claims: $(DEV) $(MODEL) ## 四个进程一起发五万条提醒，每条正好一次 / four processes, 50,000 reminders, each once
	@$(PY) -m tests.autumn.claims $(ARGS)

fuzz: $(DEV) $(MODEL) ## 乱输入一百万条，读什么都不许出错 / a million damaged inputs to every parser
	@$(PY) -m tests.fuzz parsers $(ARGS)

fuzz-dialogue: $(DEV) $(MODEL) ## 乱聊十万条，规矩一条不许破 / 100,000 random messages and presses, every rule checked
	@$(PY) -m tests.fuzz dialogue $(ARGS)

audit: $(DEV) ## 依赖的软件包有没有已知的漏洞（要联网）/ known holes in what we depend on (needs a network)
	@$(PY) scripts/audit.py $(ARGS)

torture: $(DEV) $(MODEL) ## 折腾服务：杀进程、断数据库、写满磁盘、调钟，看丢没丢 / kill it 200 times on each database, nothing may be lost
	@$(PY) -m tests.torture $(ARGS)

lock: ## 重新锁定依赖版本 / lock the dependencies again
	@sh scripts/lock.sh

clean: ## 删掉环境和缓存，不动 var/ 里的数据 / remove environment and caches, keep the data in var/
	rm -rf $(VENV) nlu/model flows/policy/model .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@sh scripts/create_venv.sh $(VENV)

$(RUNTIME): requirements.lock | $(PY)
	@echo "正在安装运行所需的软件包，第一次要几分钟 / installing packages, some minutes the first time ..."
	@$(PY) -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo "正在安装测试工具 / installing the test tools ..."
	@$(PY) -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(TUNING): nlu/finetune/requirements.txt requirements.lock requirements-dev.lock | $(PY)
	@echo "正在准备微调环境（PyTorch 等，约 1 GB）/ installing PyTorch to fine-tune the encoder ..."
	@sh scripts/create_venv.sh $(TUNING_VENV)
	@$(TUNING_PY) -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.lock -r requirements-dev.lock
	@$(TUNING_PY) -m pip install --disable-pip-version-check -r nlu/finetune/requirements.txt
	@touch $@

$(TRAINED): $(SENTENCES) | $(RUNTIME)
	@echo "正在训练语言理解模型 / training the language model ..."
	@$(PY) -m nlu train
	@mkdir -p $(@D) && touch $@

$(LEARNED): $(QUESTIONS) | $(RUNTIME)
	@echo "正在学政策问题的各种问法 / learning how policy questions are asked ..."
	@$(PY) -m flows.policy
	@mkdir -p $(@D) && touch $@
