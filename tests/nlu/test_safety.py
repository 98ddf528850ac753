"""Danger must be heard in plain, crooked and misspelt words; everyday talk must not raise alarm."""

import pytest

from nlu.safety import DangerKind, find_danger

DANGER = """
self_harm 我不想活了
self_harm 孩子说活着没意思，怎么办
self_harm 我女儿昨天割腕了
self_harm 他站在楼顶上要跳下去
self_harm 学生写了遗书
self_harm 考不好我就去死
self_harm 她吃了一瓶安眠药
self_harm 他拿小刀划自己胳膊
self_harm 我 不 想 活 了
self_harm 我不想活瞭，誰也不要找我
self_harm 喝农药了快来人
sexual 老师摸我下面
sexual 我侄女被人性侵了
sexual 他脱她的裤子
sexual 班主任亲我女儿
sexual 13岁怀孕了
sexual 继父对她动手动脚
sexual 网友让我女儿拍裸照
sexual 有个男的偷看她洗澡
violence 他爸天天打他
violence 孩子被后妈打得浑身是伤
violence 我家邻居老打孩子
violence 一喝酒就打
violence 老师拿棍子打学生
violence 我被同学欺负了
violence 我爸家暴
violence 娃身上全是青的紫的
violence 他又动手打我
violence 孩子在学校挨打了
violence 爸爸用皮带抽我
violence 别打我了
violence 孩子让他爸打得不敢上学
violence 同学把他打骨折了
violence 后爹拿烟头烫他
violence 校园霸凌，好几个人围着扇耳光
violence 他打电话说被家里打了
violence 我儿子被人揍了
violence 老师体罚，让孩子跪着
violence 不是第一次被打了
missing 孩子失踪了
missing 我家姑娘离家出走了
missing 娃走丢了两个小时了
missing 孩子不见了！！！
missing 我女儿一夜没回家
missing 孩子找不到了
missing 侄子被人贩子拐走了
missing 女儿联系不上了
missing 被一个陌生人带走了
missing 有人要把孩子卖了
missing 弟弟从学校跑出去三天没回来
missing 我儿子被骗到缅甸了
forced_marriage 她才14岁，家里就要她嫁人
forced_marriage 家里逼婚
forced_marriage 初二的女孩已经订婚了，收了彩礼
forced_marriage 爸妈要把我嫁给一个三十岁的
forced_marriage 十五岁就结婚了
forced_marriage 家里不让她念书要她嫁人
forced_marriage 我不想嫁，他们非要我订婚
labour 孩子在黑砖窑干活
labour 14岁下矿去了
labour 饭店用童工
labour 初三的娃在KTV陪酒
labour 扣了他的身份证不让走
confinement 他爸把他锁在屋里
confinement 孩子被铁链拴着
confinement 被关在家里不让出门
neglect 孩子三天没吃饭了没人管
neglect 刚出生的娃被扔在路边，弃婴
neglect 五岁小孩一个人在家好几天
neglect 后妈不给饭吃
neglect 发烧了家里不给看病
danger 救命
violence 他拿着刀追我们
danger 孩子掉冰窟窿里了
danger 他说要弄死我
violence 隔壁那家把娃绑树上抽
confinement 我小妹被关地窖里了
missing 闺女被人领走了，不认识那人
violence 继母虐代孩子
missing 孩子失综了
neglect 有个孩子快饿死了没人管
labour 孩子被逼着去街上要饭
danger 快报警
danger 🆘
""".strip().splitlines()

HARMLESS = """
孩子要打针
今天带娃打疫苗去了
他爸在外地打工
孩子不念了，去包头打工了
给我打电话
别打我电话了
我打你们电话没人接
电话打不通
跟你打听一下助学金的事
表格在哪打印
放假回来打草
孩子爱打篮球
天天打游戏不学习
天天打卡
他爸爸去打麻将了
孩子的书包丢了
钱包丢了
身份证丢了还能申请吗
学籍丢失怎么办
户口本找不到了
孩子丢了身份证
申请编号找不到了
家里困难死了
气死我了，钱一直不到
想死你了
笑死我了
急死人了，啥时候有信
累得要死
钱打到我卡上了吗
助学金打给孩子了没有
补助打在一卡通里
申请被打回来了
被打分太低
没有被打
没人打他，就是不爱念
家里没有家暴
不是被打，是自己摔的
孩子没有失踪，在他姥姥家
打孩子犯法吗
法律规定多大可以结婚
什么是家庭暴力
什么是童工，怎么认定
防拐卖讲座什么时候办
学校要做预防溺水宣传
反家暴宣传材料在哪里领
我想给苏日娜申请助学金
孩子不想上学了
孩子厌学，天天在家睡觉
我妈妈改嫁了
父母离婚，跟着爷爷
爸爸死了，妈妈改嫁了
父亲去世，家里没收入
结婚证要带吗
孩子他爸在煤矿上班
家长联系不上
去他家找不到人
班主任电话找不到了
查一下我的申请到哪了
孩子生病住院了，天天喝药
绑定微信怎么弄
手机号换了，绑不了
孩子跳绳比赛
我家杀羊呢
他们欺负老百姓，乱收费
三天没去学校了
开学到现在没来上学
上学路远，没人接送
孩子已经回学校了
劝返成功，复学了
你好
打扰了
打错了
打扫卫生的工作有吗
孩子打架被处分了
我姐姐已经结婚了
打个比方
他妈妈离家出走好几年了
孩子他爸失踪多年，能算事实无人抚养吗
信息被人卖了，删了吧
救命钱没有
公安局要报警回执
脸上长青春痘
同工同酬吗
被同学笑话
牛丢了找谁
孩子骨折住院
""".strip().splitlines()


@pytest.mark.parametrize("line", DANGER)
def test_danger_is_recognised_with_its_kind(line: str) -> None:
    kind, text = line.split(" ", 1)
    danger = find_danger(text)
    assert danger is not None
    assert danger.kind == kind
    assert danger.phrase


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_talk_is_no_danger(text: str) -> None:
    assert find_danger(text) is None


@pytest.mark.parametrize("text", ["出事了", "紧急", "110", "有人在校门口拿刀", "早婚"])
def test_a_bare_cry_is_one_whatever_stands_around_it(text: str) -> None:
    for said in (text, f" {text}！！", f"{text}。", f"{text}……", f"\ufeff{text}!"):
        assert find_danger(said) is not None, said


def test_enough_is_tried() -> None:
    assert len(DANGER) >= 60
    assert len(HARMLESS) >= 60


def test_a_question_of_law_about_somebody_is_still_danger() -> None:
    assert find_danger("我邻居打孩子犯法吗") is not None
    assert find_danger("他爸打孩子犯法吗，他身上全是伤") is not None


def test_danger_at_the_end_of_a_very_long_text_is_found() -> None:
    assert find_danger("今天天气好。" * 2000 + "孩子失踪了") is not None


def test_most_urgent_kind_comes_first() -> None:
    danger = find_danger("他爸天天打他，他说不想活了")
    assert danger is not None
    assert danger.kind is DangerKind.SELF_HARM


@pytest.mark.parametrize("text", ["", " ", "□", "打" * 5000, "👍", "<child>", "a" * 20000])
def test_odd_text_is_survived(text: str) -> None:
    assert find_danger(text) is None
