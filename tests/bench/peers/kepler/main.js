// kepler.gl with the cases in its own form of a dataset ({fields, rows}), which it takes without guessing types: the fastest
// way in that is not Arrow. No base map: nothing may be asked of another host.
/* global React, ReactDOM, Redux, ReactRedux, KeplerGl, fetch */
window.__peerDrawn = 0;
for (const name of ["drawArraysInstanced", "drawElementsInstanced"]) {
  const draw = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...args) {
    const result = draw.apply(this, args);
    // The last argument is the number of instances: one a point. Small numbers are helpers of the map.
    window.__peerDrawn = Math.max(window.__peerDrawn, args.at(-1));
    return result;
  };
}

const reducer = Redux.combineReducers({
  keplerGl: KeplerGl.keplerGlReducer.initialState({
    uiState: { currentModal: null, readOnly: true, activeSidePanel: null },
    mapStyle: { styleType: "no_map", mapStyles: {} },
  }),
});
const store = Redux.createStore(reducer, {}, Redux.applyMiddleware(...KeplerGl.enhanceReduxMiddleware([])));
const map = React.createElement(KeplerGl.KeplerGl, {
  id: "map",
  mapboxApiAccessToken: "",
  width: window.innerWidth,
  height: window.innerHeight,
});
ReactDOM.createRoot(document.getElementById("app")).render(React.createElement(ReactRedux.Provider, { store }, map));

const layer = {
  id: "cases",
  type: "point",
  config: {
    dataId: "cases",
    label: "cases",
    color: [86, 180, 233],
    columns: { lat: "lat", lng: "lon", altitude: null },
    isVisible: true,
    visConfig: { radius: 2, fixedRadius: false, opacity: 0.8, outline: false, filled: true },
  },
};
(async () => {
  const data = await (await fetch("/cases.json")).json();
  store.dispatch(
    KeplerGl.addDataToMap({
      datasets: [{ info: { id: "cases", label: "cases" }, data }],
      options: { centerMap: false, readOnly: true, autoCreateLayers: false },
      config: {
        version: "v1",
        config: {
          visState: { layers: [layer], filters: [] },
          mapState: { latitude: 40, longitude: 112.7, zoom: 12, bearing: 0, pitch: 0, dragRotate: false },
          mapStyle: { styleType: "no_map" },
        },
      },
    }),
  );
})();
