"""The words of the register in Chinese: brands, places and people put together from characters. Nobody is meant."""

from __future__ import annotations

BRAND_FIRST = tuple("青澄岚沐昀珺璟翊菡蕴霁曜煦樾梧槿鹭鸢琥珀砚筱舒瑾翎芷荟莳葵蔚衡棠")
BRAND_SECOND = tuple("屿禾泽川麓汀澜渡坞岑峦垣璞砺铎笙箫笺弦笠舫帆桅榆桦杉柏桐楠椿枫柘")
BRAND_THIRD = tuple(
    "一二三四五六七八九十百千元亨利贞春夏秋冬东南西北中天地日月星辰云雨风雪霜露山水江河湖海石玉金木火土花草竹松兰"
    "梅荷菊桂茶麦稻谷米豆瓜果泉溪谭洲湾港桥路亭台楼阁塔"
)
"""As many characters as the words of the brands have choices: 32 × 32 for the first word, 79 for the second."""

TRADES = (
    "烘焙食品", "乳制品", "食品", "酿酒", "纺织", "服装", "木业", "印刷", "化工", "塑料", "玻璃", "钢铁",
    "机械", "电子", "仪器", "照明", "泵业", "家具", "玩具", "能源", "水务", "环保回收", "建筑", "置业", "路桥",
    "电气", "管道", "屋面工程", "汽车销售", "汽车维修", "水产", "木材", "批发", "百货", "图书", "医药", "物流",
    "航运", "仓储", "快递", "酒店", "餐饮", "宴会服务", "出版", "通信", "软件", "信息系统", "数据服务",
    "保险代理", "物业", "法律咨询", "财务咨询", "管理咨询", "建筑设计", "检测技术", "科学研究", "文化传媒",
    "设计", "设备租赁", "人力资源", "旅行", "安保服务", "保洁服务", "园林", "会展", "教育培训", "口腔诊所管理",
    "健身",
)  # fmt: skip
"""A word for each trade of the register, in its order."""

HOLDING = "控股"

MEMBERS = (
    "控股", "服务", "国际", "资产", "贸易", "供应链", "方案", "工程", "投资", "欧洲", "直销", "科技", "北方",
    "南方", "东方", "西部", "中部", "内陆", "沿海", "租赁", "支持", "财务", "地产", "出口", "进口", "配送",
    "创业", "设施", "代理", "养老",
)  # fmt: skip
"""What the members of a corporate group put behind the group's name, in the register's order."""

SURNAMES = tuple(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄"
)
GIVEN_FIRST = tuple("子文思雨欣嘉俊晓志建国美丽春秋海云天立新永德明光大中正华荣景诗若静")
GIVEN_SECOND = tuple("涵轩怡然琪宁瑶杰豪宇泽楠婷娜强军平芳燕波涛峰磊鹏飞龙凯斌辉敏洁兰")

TOWN_FIRST = tuple("澄岚沐昀霁曜煦樾梧槿鹭鸢琥砚舒瑾翎芷荟莳葵蔚衡棠屿")
TOWN_SECOND = tuple("州阳安宁山川江河泽陵原城口林丰")
STREETS = tuple("青松翠竹红梅金桂银杏朝霞晚晴春华秋实清溪碧波长虹明月星辉云帆")
