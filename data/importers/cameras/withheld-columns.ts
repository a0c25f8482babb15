/**
 * Columns of tables that are never read, by their names: whatever leads to a camera's picture or to a person (domain.md 4.6
 * and 5). Names are compared without case, spaces and punctuation.
 */
const WITHHELD = new RegExp(
  [
    "^ip$|^ipv[46]|ip(addr|地址|port|端口)|(设备|摄像机|相机|摄像头|监控|device|camera|host|server|sip)ip$|hostname|主机",
    "地址|address|^addr|端口|^port|(sip|http|rtsp|tcp|udp|server|service|control|web)port$|gateway|网关|子网|netmask|^mac$|^mac(地址|addr)",
    "密码|口令|passw|pwd|账号|帐号|账户|用户名|^account|^user|username|login|证书|certificate|^cert|密钥|secretkey|^key$|token",
    "码流|流媒体|流地址|流编号|stream|rtsp|rtmp|onvif|^url|url$|^uri|链接|网址|播放|videoaddr",
    "联系人|联系方式|电话|手机|contact|phone|mobile|机主|责任人|管理员|负责人|身份证",
  ].join("|"),
  "i",
);

const plain = (name: string): string => name.toLowerCase().replace(/[\s_\-./()（）:：]/g, "");

export const isWithheldColumn = (name: string): boolean => WITHHELD.test(plain(name));
