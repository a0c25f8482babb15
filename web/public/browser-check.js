// biome-ignore-all lint: written for browsers of 2009, which know no other words
/* Says kindly that a browser is too old, and which one to take. Minimum: Chromium 111, Firefox 121, Safari 16.4. */
(function () {
  function supports(rule) {
    return !!(window.CSS && CSS.supports && CSS.supports(rule));
  }
  var runs = "noModule" in document.createElement("script") && !!Object.hasOwn && !!Array.prototype.at;
  var draws =
    !!Array.prototype.toReversed && supports("color: color-mix(in srgb, red, blue)") && supports("selector(:has(a))");
  var allowed = false;
  try {
    allowed = sessionStorage.getItem("jingwei.old-browser") === "yes";
  } catch (error) {
    /* Storage that is forbidden remembers nothing. */
  }
  if (runs && (draws || allowed)) return;
  function line(box, tag, text) {
    var element = document.createElement(tag);
    element.appendChild(document.createTextNode(text));
    box.appendChild(element);
    return element;
  }
  function show() {
    var box = document.createElement("div");
    box.id = "old-browser";
    box.setAttribute("role", "alert");
    box.style.cssText =
      "position:fixed;top:0;left:0;right:0;bottom:0;z-index:9999;overflow:auto;padding:8% 10%;background:#fff;color:#111;font:18px/1.7 sans-serif";
    line(box, "h1", "这个浏览器太旧，打不开经纬");
    line(box, "p", "需要 Chrome、Edge 111 以上，Firefox 121 以上，Safari 16.4 以上，或同等内核的国产浏览器。");
    line(
      box,
      "p",
      "用 360、QQ、搜狗等双核浏览器的，请先点地址栏右侧的图标切换到“极速模式”；仍打不开，请管理员从内网提供新版浏览器的离线安装包。",
    );
    line(box, "h2", "This browser is too old for Jingwei");
    line(
      box,
      "p",
      "It needs Chrome or Edge 111, Firefox 121, Safari 16.4, or later. In a browser with two modes switch to the fast (Chromium) one; otherwise ask your administrator for the offline installer of a newer browser.",
    );
    line(box, "p", "当前 This one: " + navigator.userAgent);
    if (runs) {
      var button = line(box, "button", "仍要试试 Try it all the same");
      button.style.cssText = "font:inherit;padding:8px 16px;color:#fff;background:#005a9e;border:0;border-radius:6px";
      button.onclick = function () {
        try {
          sessionStorage.setItem("jingwei.old-browser", "yes");
        } catch (error) {
          /* Asked again at the next page, then. */
        }
        box.parentNode.removeChild(box);
      };
    }
    document.body.appendChild(box);
  }
  if (document.body) show();
  else if (document.addEventListener) document.addEventListener("DOMContentLoaded", show);
  else window.attachEvent("onload", show);
})();
