"""GB/T 2260 for Guangdong: code, Chinese name, English name, and the year a division ended.

Data only; `regions` reads it. Municipal districts (…01) follow from the cities. The table keeps
divisions abolished since 2000, because the codes issued under them live on.
"""

from typing import Final

PROVINCES: Final = """
11 北京市 Beijing
12 天津市 Tianjin
13 河北省 Hebei
14 山西省 Shanxi
15 内蒙古自治区 Inner Mongolia
21 辽宁省 Liaoning
22 吉林省 Jilin
23 黑龙江省 Heilongjiang
31 上海市 Shanghai
32 江苏省 Jiangsu
33 浙江省 Zhejiang
34 安徽省 Anhui
35 福建省 Fujian
36 江西省 Jiangxi
37 山东省 Shandong
41 河南省 Henan
42 湖北省 Hubei
43 湖南省 Hunan
44 广东省 Guangdong
45 广西壮族自治区 Guangxi
46 海南省 Hainan
50 重庆市 Chongqing
51 四川省 Sichuan
52 贵州省 Guizhou
53 云南省 Yunnan
54 西藏自治区 Xizang
61 陕西省 Shaanxi
62 甘肃省 Gansu
63 青海省 Qinghai
64 宁夏回族自治区 Ningxia
65 新疆维吾尔自治区 Xinjiang
71 台湾省 Taiwan
81 香港特别行政区 Hong Kong
82 澳门特别行政区 Macao
"""

GUANGDONG: Final = """
440100 广州市 Guangzhou
440102 东山区 Dongshan District 2005
440103 荔湾区 Liwan District
440104 越秀区 Yuexiu District
440105 海珠区 Haizhu District
440106 天河区 Tianhe District
440107 芳村区 Fangcun District 2005
440111 白云区 Baiyun District
440112 黄埔区 Huangpu District
440113 番禺区 Panyu District
440114 花都区 Huadu District
440115 南沙区 Nansha District
440116 萝岗区 Luogang District 2014
440117 从化区 Conghua District
440118 增城区 Zengcheng District
440181 番禺市 Panyu City 2000
440182 花都市 Huadu City 2000
440183 增城市 Zengcheng City 2014
440184 从化市 Conghua City 2014
440200 韶关市 Shaoguan
440202 北江区 Beijiang District 2004
440203 武江区 Wujiang District
440204 浈江区 Zhenjiang District
440205 曲江区 Qujiang District
440221 曲江县 Qujiang County 2004
440222 始兴县 Shixing County
440224 仁化县 Renhua County
440229 翁源县 Wengyuan County
440232 乳源瑶族自治县 Ruyuan Yao Autonomous County
440233 新丰县 Xinfeng County
440281 乐昌市 Lechang City
440282 南雄市 Nanxiong City
440300 深圳市 Shenzhen
440303 罗湖区 Luohu District
440304 福田区 Futian District
440305 南山区 Nanshan District
440306 宝安区 Bao'an District
440307 龙岗区 Longgang District
440308 盐田区 Yantian District
440309 龙华区 Longhua District
440310 坪山区 Pingshan District
440311 光明区 Guangming District
440400 珠海市 Zhuhai
440402 香洲区 Xiangzhou District
440403 斗门区 Doumen District
440404 金湾区 Jinwan District
440421 斗门县 Doumen County 2001
440500 汕头市 Shantou
440506 达濠区 Dahao District 2003
440507 龙湖区 Longhu District
440508 金园区 Jinyuan District 2003
440509 升平区 Shengping District 2003
440510 河浦区 Hepu District 2003
440511 金平区 Jinping District
440512 濠江区 Haojiang District
440513 潮阳区 Chaoyang District
440514 潮南区 Chaonan District
440515 澄海区 Chenghai District
440523 南澳县 Nan'ao County
440582 潮阳市 Chaoyang City 2003
440583 澄海市 Chenghai City 2003
440600 佛山市 Foshan
440602 城区 Urban District 2002
440603 石湾区 Shiwan District 2002
440604 禅城区 Chancheng District
440605 南海区 Nanhai District
440606 顺德区 Shunde District
440607 三水区 Sanshui District
440608 高明区 Gaoming District
440681 顺德市 Shunde City 2002
440682 南海市 Nanhai City 2002
440683 三水市 Sanshui City 2002
440684 高明市 Gaoming City 2002
440700 江门市 Jiangmen
440703 蓬江区 Pengjiang District
440704 江海区 Jianghai District
440705 新会区 Xinhui District
440781 台山市 Taishan City
440782 新会市 Xinhui City 2002
440783 开平市 Kaiping City
440784 鹤山市 Heshan City
440785 恩平市 Enping City
440800 湛江市 Zhanjiang
440802 赤坎区 Chikan District
440803 霞山区 Xiashan District
440804 坡头区 Potou District
440811 麻章区 Mazhang District
440823 遂溪县 Suixi County
440825 徐闻县 Xuwen County
440881 廉江市 Lianjiang City
440882 雷州市 Leizhou City
440883 吴川市 Wuchuan City
440900 茂名市 Maoming
440902 茂南区 Maonan District
440903 茂港区 Maogang District 2014
440904 电白区 Dianbai District
440923 电白县 Dianbai County 2014
440981 高州市 Gaozhou City
440982 化州市 Huazhou City
440983 信宜市 Xinyi City
441200 肇庆市 Zhaoqing
441202 端州区 Duanzhou District
441203 鼎湖区 Dinghu District
441204 高要区 Gaoyao District
441223 广宁县 Guangning County
441224 怀集县 Huaiji County
441225 封开县 Fengkai County
441226 德庆县 Deqing County
441283 高要市 Gaoyao City 2015
441284 四会市 Sihui City
441300 惠州市 Huizhou
441302 惠城区 Huicheng District
441303 惠阳区 Huiyang District
441322 博罗县 Boluo County
441323 惠东县 Huidong County
441324 龙门县 Longmen County
441381 惠阳市 Huiyang City 2003
441400 梅州市 Meizhou
441402 梅江区 Meijiang District
441403 梅县区 Meixian District
441421 梅县 Meixian County 2013
441422 大埔县 Dabu County
441423 丰顺县 Fengshun County
441424 五华县 Wuhua County
441426 平远县 Pingyuan County
441427 蕉岭县 Jiaoling County
441481 兴宁市 Xingning City
441500 汕尾市 Shanwei
441502 城区 Urban District
441521 海丰县 Haifeng County
441523 陆河县 Luhe County
441581 陆丰市 Lufeng City
441600 河源市 Heyuan
441602 源城区 Yuancheng District
441621 紫金县 Zijin County
441622 龙川县 Longchuan County
441623 连平县 Lianping County
441624 和平县 Heping County
441625 东源县 Dongyuan County
441700 阳江市 Yangjiang
441702 江城区 Jiangcheng District
441704 阳东区 Yangdong District
441721 阳西县 Yangxi County
441723 阳东县 Yangdong County 2014
441781 阳春市 Yangchun City
441800 清远市 Qingyuan
441802 清城区 Qingcheng District
441803 清新区 Qingxin District
441821 佛冈县 Fogang County
441823 阳山县 Yangshan County
441825 连山壮族瑶族自治县 Lianshan Zhuang and Yao Autonomous County
441826 连南瑶族自治县 Liannan Yao Autonomous County
441827 清新县 Qingxin County 2012
441881 英德市 Yingde City
441882 连州市 Lianzhou City
441900 东莞市 Dongguan
442000 中山市 Zhongshan
445100 潮州市 Chaozhou
445102 湘桥区 Xiangqiao District
445103 潮安区 Chao'an District
445121 潮安县 Chao'an County 2013
445122 饶平县 Raoping County
445200 揭阳市 Jieyang
445202 榕城区 Rongcheng District
445203 揭东区 Jiedong District
445221 揭东县 Jiedong County 2012
445222 揭西县 Jiexi County
445224 惠来县 Huilai County
445281 普宁市 Puning City
445300 云浮市 Yunfu
445302 云城区 Yuncheng District
445303 云安区 Yun'an District
445321 新兴县 Xinxing County
445322 郁南县 Yunan County
445323 云安县 Yun'an County 2014
445381 罗定市 Luoding City
"""
